import { defineBot } from "restanza";

/** Answers at the component's own address, and tells who else lives there. */
export default defineBot({
  name: "help",
  summary: "tells which bots there are",
  routes(bot) {
    bot.on("message:direct").on("message:body", (ctx) => {
      const others = ctx.bot.directory.list().filter(({ name }) => name !== ctx.bot.name);
      const lines = others.map(({ jid, summary }) => `${jid} ${summary}`);
      return ["These bots live here; write to one of them:", ...lines].join("\n");
    });
  },
});
