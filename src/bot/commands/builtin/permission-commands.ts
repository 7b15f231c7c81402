import { z } from "zod";
import { Jid } from "../../../stanza/index.ts";
import type { Context } from "../../context.ts";
import {
  ADMINS,
  countChanges,
  groupOf,
  MOST_CHANGES,
  mayRun,
  membersOf,
  permissionsOf,
  type RunTimeChanges,
  readChanges,
  readPattern,
  withMember,
  withRule,
  writeChanges,
} from "../../permissions/index.ts";
import { type Command, command } from "../command.ts";
import { arg } from "../kinds.ts";
import { quoted } from "../problems.ts";

type All = () => readonly Command<never>[];

const subject = z
  .string()
  .transform((text, check) => {
    try {
      const { text: pattern } = readPattern(text);
      if (pattern !== "everyone") return pattern;
      check.addIssue({ code: "custom", message: "cannot be everyone; that is for the configuration to say" });
    } catch (error) {
      check.addIssue({ code: "custom", message: error instanceof Error ? error.message : "names nobody" });
    }
    return z.NEVER;
  })
  .describe("an account, a domain, or occupants such as role:moderator:lobby@rooms.example.com");

/** @internal `grant`, `revoke`, `groups` and `why`. */
export function permissionCommands(all: All): Command[] {
  return [grant(all), revoke(all), groups(), why(all)];
}

function grant(all: All): Command {
  const what = whatFor(all);
  return command({
    name: "grant",
    summary: "lets somebody run a command, or puts them into a group",
    args: z.object({ who: subject, what }),
    positional: ["who", "what"],
    examples: ["grant juliet@example.com remind", "grant juliet@example.com group:friends"],
    access: "admin",
    run: async (ctx, { who, what }) => {
      const changes = await readChanges(ctx);
      const group = groupOf(what);
      if (group !== undefined)
        return put(ctx, withMember(changes, group, who, true), `${who} is in ${group} now.`);
      if (ruleOf(changes, what, who) === false)
        return put(
          ctx,
          withRule(changes, what, who, undefined),
          `${what} is not forbidden to ${who} any more; grant it once more to allow it whatever else is said.`,
        );
      return put(ctx, withRule(changes, what, who, true), `${who} may use ${what} now.`);
    },
  });
}

function revoke(all: All): Command {
  return command({
    name: "revoke",
    summary: "takes back what was granted; where nothing was, forbids it",
    args: z.object({ who: subject, what: whatFor(all) }),
    positional: ["who", "what"],
    examples: ["revoke juliet@example.com remind", "revoke juliet@example.com group:friends"],
    access: "admin",
    run: async (ctx, { who, what }) => {
      const changes = await readChanges(ctx);
      const group = groupOf(what);
      if (group !== undefined) {
        if (!membersOf(changes, group).includes(who))
          return `${who} was not put into ${group} here; members by the configuration stay.`;
        return put(ctx, withMember(changes, group, who, false), `${who} is not in ${group} any more.`);
      }
      if (ruleOf(changes, what, who) === true)
        return put(
          ctx,
          withRule(changes, what, who, undefined),
          `Nothing is granted to ${who} any more; revoke it once more to forbid ${what} whatever else is said.`,
        );
      return put(
        ctx,
        withRule(changes, what, who, false),
        `${who} may not use ${what} now, unless the configuration has them among its ${ADMINS}.`,
      );
    },
  });
}

function groups(): Command {
  return command({
    name: "groups",
    summary: "lists the groups, and what was granted and revoked",
    access: "admin",
    run: async (ctx) => {
      const configured = permissionsOf(ctx).config.groups ?? {};
      const changes = await readChanges(ctx);
      const { members, rules } = changes;
      const names = [...new Set([ADMINS, ...Object.keys(configured), ...Object.keys(members)])];
      const lines = names.map((name) => {
        const added = membersOf(changes, name);
        const fixed = (Object.hasOwn(configured, name) ? configured[name] : undefined) ?? [];
        return `${name}: ${[...fixed, ...added.map((member) => `${member} (granted)`)].join(", ") || "nobody"}`;
      });
      return [
        ...lines,
        ...rules.map(
          ({ command: of, subject: who, allow }) => `${of}: ${allow ? "granted to" : "revoked from"} ${who}`,
        ),
      ].join("\n");
    },
  });
}

function why(all: All): Command {
  const self = { name: "why", access: "everyone" };
  const others = { name: "why", access: "admin" };
  return command({
    ...self,
    summary: "tells why you may run a command, or may not",
    args: z.object({
      command: z.string().describe("the command"),
      who: arg.jid().optional().describe("somebody else's account, which only admins may ask about"),
    }),
    positional: ["command", "who"],
    examples: ["why remind"],
    run: async (ctx, { command: name, who }) => {
      const permissions = permissionsOf(ctx);
      const own = permissions.subject(ctx);
      const isOther = who !== undefined && own.account?.equals(who.bare) !== true;
      if (isOther && !(await mayRun(ctx, others)).allowed)
        return "Only admins may ask that about somebody else.";
      const found = all().find(({ names }) => names.includes(name.toLowerCase()));
      if (found === undefined) return `There is no command ${quoted(name)}.`;
      const about = isOther ? { account: Jid.parse(who).bare, occupant: undefined } : own;
      const { allowed, rule } = permissions.decide(await readChanges(ctx), about, ctx.bot.name, found);
      return `${isOther ? who.bare : "You"} may${allowed ? "" : " not"} use ${found.name}: ${rule}.`;
    },
  });
}

/** A command by its name, or a group. */
function whatFor(
  all: All,
): z.ZodType<string, string> & z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  return z
    .string()
    .transform((text, check) => {
      const name = text.toLowerCase();
      if (groupOf(name) !== undefined) return name;
      const found = all().find(({ names }) => names.includes(name));
      if (found !== undefined) return found.name;
      check.addIssue({ code: "custom", message: "is neither a command nor a group such as group:friends" });
      return z.NEVER;
    })
    .describe("a command, or a group such as group:friends");
}

function ruleOf({ rules }: RunTimeChanges, of: string, who: string): boolean | undefined {
  return rules.find((rule) => rule.command === of && rule.subject === who)?.allow;
}

function put(ctx: Context, changes: RunTimeChanges, said: string): string {
  if (countChanges(changes) > MOST_CHANGES)
    return `There are ${MOST_CHANGES} rules and members here already; revoke some, or use the configuration.`;
  writeChanges(ctx, changes);
  return said;
}
