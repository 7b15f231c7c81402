import { StanzaError } from "../../stanza/index.ts";
import { type DiscoIdentity, type DiscoItem, NS_COMMANDS, NS_DATA } from "../../xep/index.ts";
import type { Command } from "../commands/command.ts";
import type { Context } from "../context.ts";
import { sayingIn } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import { mayRun } from "../permissions/index.ts";
import { textIn } from "../text.ts";

/** @internal The commands that the sender of the stanza at hand can run from a menu, as items of the bot (XEP-0050 §2.2). */
export async function menuItems(ctx: Context): Promise<DiscoItem[]> {
  const lang = await languageOf(ctx);
  const commands = menuCommands(ctx);
  const decisions = await Promise.all(commands.map((each) => mayRun(ctx, each)));
  const jid = ctx.to.bare.toString();
  return commands
    .filter((_, at) => decisions[at]?.allowed === true)
    .map((each) => ({ jid, node: each.name, name: nameOf(each, lang) }));
}

/** @internal The item that leads to them; `undefined` where the bot has none. */
export async function menuItem(ctx: Context): Promise<DiscoItem | undefined> {
  if (menuCommands(ctx).length === 0) return undefined;
  const name = sayingIn(await languageOf(ctx), ctx.bot.texts)("menuCommands");
  return { jid: ctx.to.bare.toString(), node: NS_COMMANDS, name };
}

/**
 * @internal What is known of a node: the list of the commands, or one of them (XEP-0050 §2.2).
 *
 * @returns `undefined` for any other node.
 * @throws StanzaError `forbidden` where the sender may not run the command.
 */
export async function menuInfo(
  ctx: Context,
  node: string,
): Promise<{ readonly identities: DiscoIdentity[]; readonly features: string[] } | undefined> {
  const lang = await languageOf(ctx);
  if (node === NS_COMMANDS) {
    const name = sayingIn(lang, ctx.bot.texts)("menuCommands");
    return { identities: [{ category: "automation", type: "command-list", name }], features: [] };
  }
  const command = menuCommands(ctx).find(({ name }) => name === node);
  if (command === undefined) return undefined;
  if (!(await mayRun(ctx, command)).allowed) throw new StanzaError("forbidden", { type: "cancel" });
  return {
    identities: [{ category: "automation", type: "command-node", name: nameOf(command, lang) }],
    features: [NS_COMMANDS, NS_DATA],
  };
}

/** Those that need no room around them. */
function menuCommands({ bot: { commands = [] } }: Context): Command<never>[] {
  return commands.filter(({ where }) => where !== "groupchat");
}

function nameOf({ name, summary }: Command<never>, lang: string | undefined): string {
  return `${name}: ${textIn(summary, lang)}`;
}
