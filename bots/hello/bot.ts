import { defineBot, i18n } from "restanza";
import { z } from "zod";

const speech = i18n({
  catalogues: {
    en: { greeting: "Hello", hello: "{greeting}, {name}!", stranger: "stranger", how: "Say hello to me." },
    de: { greeting: "Hallo", hello: "{greeting}, {name}!", stranger: "du da", how: "Sag hallo zu mir." },
  },
  fallback: "en",
});

/** Greets those who greet it, and tells the others how. */
export default defineBot({
  name: "hello",
  summary: "greets you",
  config: z.object({
    /** The word to greet with; default: one in the language of who is greeted. */
    greeting: z.string().min(1).optional(),
  }),
  routes(routes, { greeting }) {
    const bot = routes.extend(speech);
    bot.hears(
      /^(?:hi|hello|hey|hallo|moin|good (?:morning|evening)|guten (?:morgen|tag|abend))\b/i,
      (ctx) => {
        const name = ctx.inRoom ? ctx.from.resource : ctx.from.local;
        return ctx.t("hello", { greeting: greeting ?? ctx.t("greeting"), name: name ?? ctx.t("stranger") });
      },
    );
    bot.on("message:direct").on("message:body", (ctx) => ctx.t("how"));
  },
});
