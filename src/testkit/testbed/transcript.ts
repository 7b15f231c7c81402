import type { Element } from "../../stanza/index.ts";
import { NS_PING } from "../../xep/index.ts";
import { bareOf, domainOf } from "../double/addresses.ts";
import { describe } from "./describe.ts";

/** How many lines an error shows. */
const SHOWN = 60;

/** Who said what to whom in a test, in the order in which it happened. */
export class Transcript {
  readonly lines: string[] = [];

  /** Writes down what somebody sends. */
  add(element: Element): void {
    const said = isSelfPing(element) ? undefined : describe(element);
    if (said === undefined) return;
    this.lines.push(`${nameOf(element.attr("from"))} → ${nameOf(element.attr("to"))}: ${said}`);
  }

  /** Writes down what happened. */
  note(event: string): void {
    this.lines.push(`— ${event} —`);
  }

  /** The whole of it. */
  toString(): string {
    return this.lines.length === 0 ? "(nobody has said anything)" : this.lines.join("\n");
  }

  /** The end of it, for an error. */
  get tail(): string {
    const left = this.lines.length - SHOWN;
    const shown = left > 0 ? [`(${left} lines before)`, ...this.lines.slice(-SHOWN)] : this.lines;
    return shown.length === 0 ? "  (nobody has said anything)" : shown.map((line) => `  ${line}`).join("\n");
  }
}

/** Whether a bot only sees to it that it is still in a room (XEP-0410), as it does from time to time. */
function isSelfPing(element: Element): boolean {
  const to = element.attr("to") ?? "";
  return (
    element.child("ping", NS_PING) !== undefined && domainOf(to).startsWith("rooms.") && to !== bareOf(to)
  );
}

/** An address as short as a person would say it: a localpart, and in a room the nickname. */
function nameOf(jid: string | undefined): string {
  if (jid === undefined) return "everybody";
  const bare = bareOf(jid);
  const local = bare.includes("@") ? bare.slice(0, bare.indexOf("@")) : bare;
  const isOccupant = domainOf(jid).startsWith("rooms.") && jid !== bare;
  return isOccupant ? `${local}/${jid.slice(bare.length + 1)}` : local;
}
