import { type Element, el, Jid, type Stanza, StanzaError } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { buildReport, type Report, readReport } from "./reporting.ts";

/** XEP-0191: Blocking Command; also its feature. */
export const NS_BLOCKING = "urn:xmpp:blocking";

/** XEP-0191 §3.3: what an error says whose cause is that its receiver has blocked somebody. */
export const NS_BLOCKING_ERRORS = "urn:xmpp:blocking:errors";

/** Somebody who is blocked, or a whole domain. */
export interface Blocked {
  readonly jid: Jid;
  /** Why the server is told of it (XEP-0377). */
  readonly report?: Report | undefined;
}

/** A change of the list, as it is asked for, and as the server tells the other clients of it. */
export type BlockingChange =
  | { readonly kind: "block"; readonly blocked: readonly Blocked[] }
  /** Nobody is blocked any more where nobody is named. */
  | { readonly kind: "unblock"; readonly jids: readonly Jid[] };

/** Asks for the list of who is blocked; the payload of an IQ of type `get`. */
export function buildBlockListRequest(): Element {
  return el("blocklist", { xmlns: NS_BLOCKING });
}

/** Who is blocked; `undefined` where the payload is no such list. */
export function readBlockList(payload: Element): Jid[] | undefined {
  return payload.is("blocklist", NS_BLOCKING) ? items(payload).map(({ jid }) => jid) : undefined;
}

/** Answers who is blocked. */
export function buildBlockList(jids: readonly (Jid | string)[]): Element {
  return el("blocklist", { xmlns: NS_BLOCKING }, jids.map(item));
}

/** Which change of the list the payload of an IQ of type `set` makes or tells; to block nobody is none (§3.3). */
export function readBlockingChange(payload: Element): BlockingChange | undefined {
  if (payload.is("block", NS_BLOCKING)) {
    const blocked = items(payload);
    return blocked.length === 0 ? undefined : { kind: "block", blocked };
  }
  if (!payload.is("unblock", NS_BLOCKING)) return undefined;
  const jids = items(payload).map(({ jid }) => jid);
  // A name that is none must not unblock everybody.
  return jids.length === 0 && payload.elements.length > 0 ? undefined : { kind: "unblock", jids };
}

/**
 * Blocks people or domains; the payload of an IQ of type `set`.
 *
 * @throws JidError when one is no JID.
 * @throws TypeError when there is none: servers refuse that.
 */
export function buildBlock(blocked: readonly (Jid | string | Blocked)[]): Element {
  if (blocked.length === 0) throw new TypeError("nobody is to be blocked: name at least one JID");
  return el("block", { xmlns: NS_BLOCKING }, blocked.map(item));
}

/**
 * Unblocks people or domains; the payload of an IQ of type `set`.
 *
 * @param jids whom; `"all"` for everybody.
 * @throws JidError when one is no JID.
 * @throws TypeError when there is none, which servers would take for everybody.
 */
export function buildUnblock(jids: readonly (Jid | string)[] | "all"): Element {
  if (jids === "all") return el("unblock", { xmlns: NS_BLOCKING });
  if (jids.length === 0) throw new TypeError('nobody is to be unblocked: name at least one JID, or "all"');
  return el("unblock", { xmlns: NS_BLOCKING }, jids.map(item));
}

/** Whether a stanza came back because its sender has blocked the addressee (§3.3). */
export function isBlockedError(stanza: Stanza): boolean {
  return stanza.element.child("error")?.child("blocked", NS_BLOCKING_ERRORS) !== undefined;
}

/**
 * Refuses a stanza as its sender has blocked the addressee (§3.3). For a component that keeps such a list for its users, as a gateway does
 * for the contacts beyond it.
 *
 * @example
 * ```ts
 * import { buildBlockedError } from "restanza/xep";
 *
 * const blocked = new Set(["legacy\\40example.com@gateway.example.com"]);
 *
 * function check(to: string): void {
 *   if (blocked.has(to)) throw buildBlockedError();
 * }
 * ```
 */
export function buildBlockedError(text?: string): StanzaError {
  return new StanzaError("not-acceptable", {
    type: "cancel",
    text,
    application: el("blocked", { xmlns: NS_BLOCKING_ERRORS }),
  });
}

function items(payload: Element): Blocked[] {
  return payload.childrenNamed("item").flatMap((item) => {
    const jid = readJid(item.attr("jid"));
    return jid === undefined ? [] : [{ jid, report: readReport(item) }];
  });
}

function item(blocked: Jid | string | Blocked): Element {
  const { jid, report } =
    typeof blocked === "string" || blocked instanceof Jid ? { jid: blocked, report: undefined } : blocked;
  return el("item", { jid: Jid.parse(jid).toString() }, report && buildReport(report));
}
