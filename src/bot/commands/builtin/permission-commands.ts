import { z } from "zod";
import { Jid } from "../../../stanza/index.ts";
import type { Context } from "../../context.ts";
import type { Catalogues } from "../../i18n/catalogues.ts";
import type { FrameworkText } from "../../i18n/framework.ts";
import {
  ADMINS,
  countChanges,
  groupOf,
  MOST_CHANGES,
  mayRun,
  membersOf,
  PatternError,
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
import { saying, shortened } from "../problems.ts";
import { sayingFor } from "../reading.ts";

type All = () => readonly Command<never>[];
type Texts = Catalogues<FrameworkText>;

const subject = z.string().transform((text, check) => {
  try {
    const { text: pattern } = readPattern(text);
    if (pattern !== "everyone") return pattern;
    check.addIssue({ code: "custom", ...saying("subjectEveryone") });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    check.addIssue({ code: "custom", ...saying("subjectNobody") });
  }
  return z.NEVER;
});

/** @internal `grant`, `revoke`, `groups` and `why`. */
export function permissionCommands(all: All, texts: Texts): Command[] {
  return [grant(all, texts), revoke(all, texts), groups(texts), why(all, texts)];
}

function grant(all: All, texts: Texts): Command {
  const what = whatFor(all);
  return command({
    name: "grant",
    summary: texts.everywhere("grantSummary"),
    args: z.object({ who: subject, what }),
    descriptions: { who: texts.everywhere("subject"), what: texts.everywhere("grantable") },
    positional: ["who", "what"],
    examples: ["grant juliet@example.com remind", "grant juliet@example.com group:friends"],
    access: "admin",
    run: async (ctx, { who, what: command }) => {
      const say = sayingFor(ctx);
      const changes = await readChanges(ctx);
      const group = groupOf(command);
      if (group !== undefined)
        return put(ctx, withMember(changes, group, who, true), say("grantedGroup", { who, group }));
      if (ruleOf(changes, command, who) === false)
        return put(ctx, withRule(changes, command, who, undefined), say("grantedUnlocked", { command, who }));
      return put(ctx, withRule(changes, command, who, true), say("granted", { who, command }));
    },
  });
}

function revoke(all: All, texts: Texts): Command {
  return command({
    name: "revoke",
    summary: texts.everywhere("revokeSummary"),
    args: z.object({ who: subject, what: whatFor(all) }),
    descriptions: { who: texts.everywhere("subject"), what: texts.everywhere("grantable") },
    positional: ["who", "what"],
    examples: ["revoke juliet@example.com remind", "revoke juliet@example.com group:friends"],
    access: "admin",
    run: async (ctx, { who, what: command }) => {
      const say = sayingFor(ctx);
      const changes = await readChanges(ctx);
      const group = groupOf(command);
      if (group !== undefined) {
        if (!membersOf(changes, group).includes(who)) return say("revokedNoMember", { who, group });
        return put(ctx, withMember(changes, group, who, false), say("revokedGroup", { who, group }));
      }
      if (ruleOf(changes, command, who) === true)
        return put(ctx, withRule(changes, command, who, undefined), say("revokedGrant", { who, command }));
      return put(
        ctx,
        withRule(changes, command, who, false),
        say("revoked", { who, command, admins: ADMINS }),
      );
    },
  });
}

function groups(texts: Texts): Command {
  return command({
    name: "groups",
    summary: texts.everywhere("groupsSummary"),
    access: "admin",
    run: async (ctx) => {
      const say = sayingFor(ctx);
      const configured = permissionsOf(ctx).config.groups ?? {};
      const changes = await readChanges(ctx);
      const { members, rules } = changes;
      const names = [...new Set([ADMINS, ...Object.keys(configured), ...Object.keys(members)])];
      const lines = names.map((name) => {
        const added = membersOf(changes, name);
        const fixed = (Object.hasOwn(configured, name) ? configured[name] : undefined) ?? [];
        return `${name}: ${[...fixed, ...added.map((who) => say("groupsMember", { who }))].join(", ") || say("groupsNobody")}`;
      });
      return [
        ...lines,
        ...rules.map(({ command, subject: who, allow }) =>
          say(allow ? "groupsGranted" : "groupsRevoked", { command, who }),
        ),
      ].join("\n");
    },
  });
}

function why(all: All, texts: Texts): Command {
  const self = { name: "why", access: "everyone" };
  const others = { name: "why", access: "admin" };
  return command({
    ...self,
    summary: texts.everywhere("whySummary"),
    args: z.object({
      command: z.string(),
      who: arg.jid().optional(),
    }),
    descriptions: { command: texts.everywhere("whyCommand"), who: texts.everywhere("whyWho") },
    positional: ["command", "who"],
    examples: ["why remind"],
    run: async (ctx, { command: name, who }) => {
      const say = sayingFor(ctx);
      const permissions = permissionsOf(ctx);
      const own = permissions.subject(ctx);
      const isOther = who !== undefined && own.account?.equals(who.bare) !== true;
      if (isOther && !(await mayRun(ctx, others)).allowed) return say("whyForbidden");
      const found = all().find(({ names }) => names.includes(name.toLowerCase()));
      if (found === undefined) return say("whyUnknown", { word: shortened(name) });
      const about = isOther ? { account: Jid.parse(who).bare, occupant: undefined } : own;
      const { allowed, because } = permissions.decide(await readChanges(ctx), about, ctx.bot.name, found);
      const rule = because(say);
      const { name: command } = found;
      return isOther
        ? say("whyOther", { allowed, who: who.bare.toString(), command, rule })
        : say("whyYou", { allowed, command, rule });
    },
  });
}

/** A command by its name, or a group. */
function whatFor(
  all: All,
): z.ZodType<string, string> & z.ZodPipe<z.ZodString, z.ZodTransform<string, string>> {
  return z.string().transform((text, check) => {
    const name = text.toLowerCase();
    if (groupOf(name) !== undefined) return name;
    const found = all().find(({ names }) => names.includes(name));
    if (found !== undefined) return found.name;
    check.addIssue({ code: "custom", ...saying("grantableUnknown") });
    return z.NEVER;
  });
}

function ruleOf({ rules }: RunTimeChanges, of: string, who: string): boolean | undefined {
  return rules.find((rule) => rule.command === of && rule.subject === who)?.allow;
}

function put(ctx: Context, changes: RunTimeChanges, said: string): string {
  if (countChanges(changes) > MOST_CHANGES) return sayingFor(ctx)("permissionsFull", { most: MOST_CHANGES });
  writeChanges(ctx, changes);
  return said;
}
