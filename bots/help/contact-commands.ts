import { arg, type Command, command } from "restanza";
import { z } from "zod";

const who = {
  bot: z.string().describe("the name of the bot"),
  who: arg.jid().describe("the account that wants to add it"),
};

/** How admins decide who may be a contact of a bot, where the bot leaves that to them. */
export const contactCommands: readonly Command[] = [
  command({
    name: "requests",
    summary: "tells who wants to add a bot and waits for an admin",
    access: "admin",
    run: async ({ bot: { control } }) => {
      const names = [...(control?.states().keys() ?? [])];
      const waiting = await Promise.all(
        names.map(async (name) =>
          ((await control?.contacts(name).requests()) ?? []).map(
            ({ jid, since }) => `${name}: ${jid}, since ${new Date(since).toISOString().slice(0, 16)}Z`,
          ),
        ),
      );
      return waiting.flat().join("\n") || "Nobody waits.";
    },
  }),
  command({
    name: "accept",
    summary: "lets somebody add a bot, at once or as soon as they ask",
    access: "admin",
    args: z.object(who),
    positional: ["bot", "who"],
    examples: ["accept echo juliet@example.com"],
    run: async ({ bot: { control } }, { bot, who: jid }) => {
      try {
        const had = await control?.contacts(bot).accept(jid);
        return had ? `${jid.bare} has ${bot} as a contact now.` : `${jid.bare} may add ${bot}.`;
      } catch (error) {
        return (error as Error).message;
      }
    },
  }),
  command({
    name: "refuse",
    summary: "does not let somebody add a bot, or has a contact not be one any more",
    access: "admin",
    args: z.object(who),
    positional: ["bot", "who"],
    examples: ["refuse echo juliet@example.com"],
    run: async ({ bot: { control } }, { bot, who: jid }) => {
      try {
        const had = await control?.contacts(bot).refuse(jid);
        return had
          ? `${jid.bare} does not have ${bot} as a contact.`
          : `${jid.bare} did not want to add ${bot}.`;
      } catch (error) {
        return (error as Error).message;
      }
    },
  }),
];
