import { z } from "zod";
import { ADMINS, type Command, commandsOf, groupOf, isPattern, type PermissionConfig } from "../bot/index.ts";
import { Jid } from "../stanza/index.ts";

const WHO =
  "names nobody: give an account (juliet@example.com), a domain (example.com), everyone, or affiliation:admin or role:moderator with a room, such as role:moderator:lobby@rooms.example.com";

const pattern = z.string().refine(isPattern, WHO);

const GROUP = /^[a-z][a-z0-9_-]*$/;

/** Whom a rule is about: also groups. */
const subject = z
  .string()
  .refine((text) => /^group:[a-z][a-z0-9_-]*$/.test(text) || isPattern(text), `${WHO}, or group:NAME`);

const room = z
  .string()
  .refine((text) => Jid.isValid(text) && Jid.parse(text).isBare, "is neither a room nor a room service")
  .transform((text) => Jid.parse(text).toString());

/** Who may run which commands. */
export const permissionFields = {
  /** Who belongs to which group; those in `admins` may run everything that no rule denies them. */
  groups: z
    .record(z.string().regex(GROUP), z.array(pattern), {
      error: ({ code }) =>
        code === "invalid_key"
          ? "is no name for a group; use lower-case letters, digits, - and _, a letter first"
          : undefined,
    })
    .default({}),
  /** Rules over the commands' own access, for all bots and commands or for some; what is denied is denied. */
  permissions: z
    .array(
      z.strictObject({
        bot: z.string().optional(),
        command: z.string().optional(),
        allow: z.array(subject).optional(),
        deny: z.array(subject).optional(),
      }),
    )
    .default([]),
  /**
   * Rooms and room services that are believed when they tell whose account an occupant's is; default: each service about accounts
   * of the domain that it is a part of.
   */
  trustedRooms: z.array(room).optional(),
};

/** The part of a configuration that is about permissions. */
export interface PermissionSettings {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly permissions: PermissionConfig["rules"] & object;
  readonly trustedRooms?: readonly string[] | undefined;
}

/** What {@link PermissionSettings} mean to the bots. */
export function permissionConfig({
  groups,
  permissions,
  trustedRooms,
}: PermissionSettings): PermissionConfig {
  return { groups, rules: permissions, trustedRooms };
}

/** Who is there without being configured. */
const ALWAYS: readonly string[] = ["everyone", "admin", "room-admin", "room-moderator", ADMINS];

/** What is for groups that are not configured: nobody is in them before an admin has granted it. */
export function unknownGroups(
  { groups = {}, rules = [] }: PermissionConfig,
  commands: readonly Pick<Command<never>, "name" | "access">[],
): string[] {
  const known = new Set([...ALWAYS, ...Object.keys(groups)]);
  const named = rules
    .flatMap(({ allow = [], deny = [] }) => [...allow, ...deny])
    .map(groupOf)
    .filter((group) => group !== undefined);
  return [
    ...commands
      .filter(({ access }) => !known.has(access))
      .map(
        ({ name, access }) =>
          `the command ${name} is for the group ${access}, which is not configured, so only admins may run it; list its members under groups in the configuration, or mend the name`,
      ),
    ...[...new Set(named)]
      .filter((group) => !known.has(group))
      .map(
        (group) =>
          `permissions name the group ${group}, which is not configured, so nobody is in it; list its members under groups in the configuration, or mend the name`,
      ),
  ];
}

/** Rules for what there is not: one that denies a command of a mistyped name would deny nothing. */
export function misnamedRules(
  { permissions }: PermissionSettings,
  bots: readonly { readonly name: string; readonly routes: Parameters<typeof commandsOf>[0] }[],
): string[] {
  const problems: string[] = [];
  for (const { bot: name, command } of permissions) {
    const about = bots.filter((bot) => name === undefined || bot.name === name);
    if (about.length === 0) problems.push(`permissions name the bot ${name}, which is not there`);
    else if (
      command !== undefined &&
      !about.some(({ routes }) => commandsOf(routes).some((each) => each.name === command))
    )
      problems.push(
        `permissions name the command ${command}, which ${name ?? "no bot"} ${name ? "does not have" : "has"}`,
      );
  }
  return problems;
}
