import type { Say } from "../i18n/framework.ts";
import { readPattern } from "./pattern.ts";
import type { Subject } from "./subject.ts";

/** What somebody wants to do. */
export interface Wish {
  readonly bot: string;
  /** The name of the command. */
  readonly command: string;
  /** Who may, unless a rule says otherwise: as the command's `access`. */
  readonly access: string;
}

/** What was decided, and by what. */
export interface Decision {
  readonly allowed: boolean;
  /** @internal What decided, in words for an admin. */
  readonly because: Because;
}

type Because = (say: Say) => string;

/** A rule of the configuration. */
export interface Rule {
  /** Default: every bot. */
  readonly bot?: string | undefined;
  /** Default: every command. */
  readonly command?: string | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** What an operator has configured. */
export interface PermissionConfig {
  /** Who belongs to each group; those of `admins` may do everything that no rule of the configuration forbids them. */
  readonly groups?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly rules?: readonly Rule[] | undefined;
  /** Rooms and their services that are believed when they tell whose account an occupant's is. */
  readonly trustedRooms?: readonly string[] | undefined;
}

/** What admins have changed since, by talking to the bot. */
export interface RunTimeChanges {
  /** Further members, by group. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly RunTimeRule[];
}

/** That somebody may run a command, or may not. */
export interface RunTimeRule {
  readonly command: string;
  readonly subject: string;
  readonly allow: boolean;
}

/** Nothing was changed. */
export const NO_CHANGES: RunTimeChanges = { members: {}, rules: [] };

/** The group whose members decide about others. */
export const ADMINS = "admins";

/**
 * Decides. The first of these that applies does, and within each step what denies comes before what allows:
 *
 * 1. a `deny` of the configuration
 * 2. membership in `admins` by the configuration: allowed
 * 3. what an admin has revoked: denied
 * 4. an `allow` of the configuration
 * 5. what an admin has granted: allowed
 * 6. the command's `access`
 * 7. nothing: denied
 */
export function decide(
  { groups = {}, rules = [] }: PermissionConfig,
  changes: RunTimeChanges,
  subject: Subject,
  { bot, command, access }: Wish,
): Decision {
  const about = rules.filter((rule) => (rule.bot ?? bot) === bot && (rule.command ?? command) === command);
  const said = changes.rules.filter((rule) => rule.command === command);
  const isIn = (group: string, of: Readonly<Record<string, readonly string[]>>): string | undefined =>
    Object.hasOwn(of, group) ? matching(of[group], subject) : undefined;
  const granted = (allow: boolean): string | undefined =>
    matching(
      said.filter((rule) => rule.allow === allow).map((rule) => rule.subject),
      subject,
    );

  const denied = about.map(({ deny }) => inRule(deny)).find((found) => found !== undefined);
  if (denied !== undefined) return no((say) => say("ruleDenied", { who: denied }));
  const admin = isIn(ADMINS, groups);
  if (admin !== undefined) return yes((say) => say("ruleAdmin", { who: admin, admins: ADMINS }));
  const revoked = granted(false);
  if (revoked !== undefined) return no((say) => say("ruleRevoked", { who: revoked }));
  const allowed = about.map(({ allow }) => inRule(allow)).find((found) => found !== undefined);
  if (allowed !== undefined) return yes((say) => say("ruleAllowed", { who: allowed }));
  const grant = granted(true);
  if (grant !== undefined) return yes((say) => say("ruleGranted", { who: grant }));
  return byAccess();

  /** Rules may name groups too. */
  function inRule(names: readonly string[] | undefined): string | undefined {
    for (const name of names ?? []) {
      const group = groupOf(name);
      if (group === undefined ? matching([name], subject) !== undefined : membership(group) !== undefined)
        return name;
    }
    return undefined;
  }

  function membership(group: string): string | undefined {
    return isIn(group, groups) ?? isIn(group, changes.members);
  }

  function byAccess(): Decision {
    if (access === "everyone") return yes((say) => say("ruleEveryone"));
    if (access === "room-admin" || access === "room-moderator") {
      const { affiliation, role } = subject.occupant ?? {};
      const may =
        affiliation === "owner" ||
        affiliation === "admin" ||
        (access === "room-moderator" && role === "moderator");
      const room: Because = (say) => say(access === "room-admin" ? "ruleRoomAdmin" : "ruleRoomModerator");
      if (may) return yes(room);
      const other = isIn(ADMINS, changes.members);
      return other === undefined
        ? no(room)
        : yes((say) => say("ruleInAdmins", { who: other, admins: ADMINS }));
    }
    const group = access === "admin" ? ADMINS : access;
    const member = membership(group) ?? isIn(ADMINS, changes.members);
    return member === undefined
      ? no((say) => say("ruleGroup", { group }))
      : yes((say) => say("ruleMember", { group, who: member, admins: ADMINS }));
  }
}

/** The name of a group where a rule names one: `group:friends`. */
export function groupOf(name: string): string | undefined {
  return /^group:([a-z][a-z0-9_-]*)$/.exec(name.trim())?.[1];
}

function matching(patterns: readonly string[] | undefined, subject: Subject): string | undefined {
  return patterns?.find((pattern) => readPattern(pattern).matches(subject));
}

function yes(because: Because): Decision {
  return { allowed: true, because };
}

function no(because: Because): Decision {
  return { allowed: false, because };
}
