import { type Context, defineBot } from "restanza";
import { z } from "zod";
import { contactCommands } from "./contact-commands.ts";

/** Answers at the component's own address, and tells who else lives there. */
export default defineBot({
  name: "help",
  summary: "tells which bots there are",
  routes(bot) {
    bot.command({
      name: "help",
      aliases: ["bots"],
      summary: "tells which bots there are, or about one of them",
      args: z.object({ bot: z.string().optional().describe("the name of the bot") }),
      positional: ["bot"],
      examples: ["help", "help echo"],
      run: (ctx, { bot: name }) =>
        name === undefined ? everybody(ctx) : (about(ctx, name) ?? everybody(ctx)),
    });
    bot.command({
      name: "states",
      summary: "tells which bots run, are paused because they fail, or are switched off",
      access: "admin",
      run: ({ bot: { control } }) =>
        [...(control?.states() ?? [])].map(([name, state]) => `${name}: ${state}`).join("\n"),
    });
    for (const action of ["disable", "enable"] as const)
      bot.command({
        name: action,
        summary: action === "disable" ? "switches a bot off, until it is enabled" : "switches a bot on again",
        access: "admin",
        args: z.object({ bot: z.string().describe("the name of the bot") }),
        positional: ["bot"],
        examples: [`${action} echo`],
        run: async ({ bot: { control } }, { bot: name }) => {
          try {
            await control?.[action](name);
          } catch (error) {
            return (error as Error).message;
          }
          return `${name} is ${action}d.`;
        },
      });
    bot.command({
      name: "reload",
      summary: "loads a bot anew from its files",
      access: "admin",
      args: z.object({ bot: z.string().describe("the name of the bot") }),
      positional: ["bot"],
      examples: ["reload echo"],
      run: async ({ bot: { control } }, { bot: name }) => {
        if (control?.reload === undefined) return "Bots cannot be reloaded here: restart the server.";
        try {
          await control.reload(name);
        } catch (error) {
          return (error as Error).message;
        }
        return `${name} is reloaded.`;
      },
    });
    for (const each of contactCommands) bot.command(each);
    bot.on("message:direct").on("message:body", (ctx) => everybody(ctx));
  },
});

function everybody(ctx: Context): string {
  const lines = others(ctx).map(({ jid, summary }) => `${jid} ${summary}`);
  return ["These bots live here; write help to one of them:", ...lines].join("\n");
}

function about(ctx: Context, name: string): string | undefined {
  const found = others(ctx).find((bot) => bot.name === name.toLowerCase());
  return found && `${found.jid} ${found.summary}. Write help to it, and it tells what it can do.`;
}

function others({ bot }: Context): ReturnType<Context["bot"]["directory"]["list"]> {
  return bot.directory.list().filter(({ name }) => name !== bot.name);
}
