import type { Jid } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import type { BotHandle } from "../bot-handle.ts";
import type { Context } from "../context.ts";
import { BufferedStorage } from "../storage.ts";
import { NO_CHANGES, type RunTimeChanges } from "./policy.ts";

/** How many rules and members admins may add to one bot by talking to it. */
export const MOST_CHANGES = 500;

const KEY = "changes";

/** What admins have changed. A guarded area: of two admins who decide at once none undoes what the other has said. */
export async function readChanges(ctx: Context): Promise<RunTimeChanges> {
  const stored = await ctx.effects.area("permissions", { guarded: true }).get(KEY);
  return (stored as RunTimeChanges | undefined) ?? NO_CHANGES;
}

/** What admins of any bot have changed, as it is now. */
export async function readChangesOf(store: BotHandle["store"], bot: Jid): Promise<RunTimeChanges> {
  if (store === undefined) return NO_CHANGES;
  const stored = await new BufferedStorage(store, bot.toString()).area("permissions").get(KEY);
  return (stored as RunTimeChanges | undefined) ?? NO_CHANGES;
}

/** Notes what admins have changed, once the stanza at hand is handled. */
export function writeChanges(ctx: Context, changes: RunTimeChanges): void {
  ctx.effects.area("permissions", { guarded: true }).set(KEY, changes as unknown as JsonValue);
}

/** How many there are. */
export function countChanges({ members, rules }: RunTimeChanges): number {
  return rules.length + Object.values(members).reduce((sum, { length }) => sum + length, 0);
}

/** Whom admins have put into a group. */
export function membersOf({ members }: RunTimeChanges, group: string): readonly string[] {
  return Object.hasOwn(members, group) ? (members[group] ?? []) : [];
}

/** Puts somebody into a group, or takes them out. */
export function withMember(
  changes: RunTimeChanges,
  group: string,
  subject: string,
  isIn: boolean,
): RunTimeChanges {
  const others = membersOf(changes, group).filter((member) => member !== subject);
  return { ...changes, members: { ...changes.members, [group]: isIn ? [...others, subject] : others } };
}

/** Allows somebody a command, denies it, or leaves it to the other rules (`undefined`). */
export function withRule(
  changes: RunTimeChanges,
  command: string,
  subject: string,
  allow: boolean | undefined,
): RunTimeChanges {
  const others = changes.rules.filter((rule) => rule.command !== command || rule.subject !== subject);
  return { ...changes, rules: allow === undefined ? others : [...others, { command, subject, allow }] };
}
