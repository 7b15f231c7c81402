import {
  BotControlError,
  type Context,
  commandsOfBot,
  defineBot,
  helpOf,
  languageOf,
  textIn,
  usageOf,
} from "restanza";
import { z } from "zod";
import { addContactCommands } from "./contact-commands.ts";
import { type Spoken, speech } from "./speech.ts";

const botName = {
  args: z.object({ bot: z.string().toLowerCase() }),
  descriptions: { bot: { en: "the name of the bot", de: "der Name des Bots" } },
  positional: ["bot"],
} as const;

/** Answers at the component's own address, and tells who else lives there. */
export default defineBot({
  name: "help",
  summary: "tells which bots there are",
  routes(routes) {
    const bot = routes.extend(speech);
    bot.command({
      name: "help",
      aliases: ["bots"],
      summary: {
        en: "tells which bots there are, or about one of them or one of its commands",
        de: "sagt, welche Bots es gibt, oder alles über einen von ihnen oder einen seiner Befehle",
      },
      args: z.object({
        bot: z.string().toLowerCase().optional(),
        command: z.string().toLowerCase().optional(),
      }),
      descriptions: {
        bot: botName.descriptions.bot,
        command: { en: "the name of one of its commands", de: "der Name eines seiner Befehle" },
      },
      positional: ["bot", "command"],
      examples: ["help", "help echo", "help remind list"],
      run: async (ctx, { bot: name, command }) =>
        (name === undefined ? undefined : await about(ctx, name, command)) ?? everybody(ctx),
    });
    bot.command({
      name: "states",
      summary: {
        en: "tells which bots run, are paused because they fail, or are switched off",
        de: "sagt, welche Bots laufen, Pause machen, weil sie versagen, oder abgeschaltet sind",
      },
      access: "admin",
      run: ({ bot: { control }, t }) =>
        [...(control?.states() ?? [])]
          .sort(([one], [other]) => one.localeCompare(other, "en"))
          .map(([name, state]) => t("state", { bot: name, state }))
          .join("\n"),
    });
    for (const action of ["disable", "enable"] as const)
      bot.command({
        ...botName,
        name: action,
        summary:
          action === "disable"
            ? {
                en: "switches a bot off, until it is enabled",
                de: "schaltet einen Bot ab, bis er wieder eingeschaltet wird",
              }
            : { en: "switches a bot on again", de: "schaltet einen Bot wieder ein" },
        access: "admin",
        examples: [`${action} echo`],
        run: async (ctx, { bot: name }) => {
          const { control } = ctx.bot;
          if (control?.states().has(name) !== true) return ctx.t("unknownBot", { bot: name });
          try {
            await control[action](name);
          } catch (error) {
            return await whyNot(ctx, error);
          }
          return ctx.t(action === "disable" ? "disabled" : "enabled", { bot: name });
        },
      });
    bot.command({
      ...botName,
      name: "reload",
      summary: { en: "loads a bot anew from its files", de: "lädt einen Bot neu aus seinen Dateien" },
      access: "admin",
      examples: ["reload echo"],
      run: async (ctx, { bot: name }) => {
        const { control } = ctx.bot;
        if (control?.reload === undefined) return ctx.t("noReload");
        if (!control.states().has(name)) return ctx.t("unknownBot", { bot: name });
        try {
          await control.reload(name);
        } catch (error) {
          return await whyNot(ctx, error);
        }
        return ctx.t("reloaded", { bot: name });
      },
    });
    bot.command(speech.command);
    addContactCommands(bot);
    bot.on("message:direct").on("message:body", (ctx) => everybody(ctx));
  },
});

/** Why a bot cannot be switched or reloaded. */
async function whyNot(ctx: Context, error: unknown): Promise<string> {
  if (error instanceof BotControlError) return textIn(error.text, await languageOf(ctx));
  throw error;
}

function everybody(ctx: Spoken): string {
  const lines = others(ctx).map(({ jid, summary }) => `${jid} ${summary}`);
  return [ctx.t("everybody"), ...lines].join("\n");
}

/** All about a bot, as far as who asks may use it; `undefined` where there is none. */
async function about(ctx: Spoken, name: string, command: string | undefined): Promise<string | undefined> {
  const found = ctx.bot.directory.list().find((bot) => bot.name === name);
  const commands = await commandsOfBot(ctx, name);
  if (found === undefined || commands === undefined) return undefined;
  const lang = await languageOf(ctx);
  if (command !== undefined) {
    const one = commands.find(({ names }) => names.includes(command));
    return one === undefined ? ctx.t("unknownCommand", { bot: name, command }) : helpOf(one, lang);
  }
  const said = ctx.t("about", { address: found.jid.toString(), summary: found.summary });
  if (commands.length === 0) return ctx.t("quiet", { about: said });
  const lines = commands.map((each) => `${usageOf(each, lang)}: ${textIn(each.summary, lang)}`);
  return [said, ...lines, "", ctx.t("more", { bot: name })].join("\n");
}

function others({ bot }: Context): ReturnType<Context["bot"]["directory"]["list"]> {
  return bot.directory.list().filter(({ name }) => name !== bot.name);
}
