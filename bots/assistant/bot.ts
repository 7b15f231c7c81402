import {
  type Context,
  defineBot,
  type I18nContext,
  i18n,
  type SessionContext,
  session,
  type Texts,
} from "restanza";
import { config } from "./config.ts";
import { complete } from "./endpoint.ts";
import { EndpointError } from "./endpoint-error.ts";
import { type Exchange, promptOf, withinLimits } from "./history.ts";
import { catalogues } from "./texts.ts";

type Talk = Context & I18nContext<Texts<typeof catalogues>> & SessionContext<{ exchanges: Exchange[] }>;

/** Lets people talk with a language model behind any OpenAI-compatible endpoint; in rooms with those who call it by name. */
export default defineBot({
  name: "assistant",
  summary: "answers questions, by a language model",
  timeout: 300_000,
  config,
  routes(bot, { url, model, apiKey, parameters, system, history, longestQuestion, rateLimit, corrections }) {
    const talk = bot.extend(i18n({ catalogues, fallback: "en" })).extend(
      session({
        key: "conversation",
        ttl: history.ttl,
        // JSON writes a control character with six bytes.
        maxBytes: 6 * history.characters + 1_000,
        initial: (): { exchanges: Exchange[] } => ({ exchanges: [] }),
      }),
    );

    const answer = async (ctx: Talk, question: string): Promise<string | undefined> => {
      if (url === undefined || model === undefined) return ctx.t("unset");
      if (question.length > longestQuestion) return ctx.t("tooLong", { characters: longestQuestion });
      const memory = await ctx.session;
      const messages = promptOf(system, withinLimits(memory.exchanges, history), question);
      try {
        const pieces = complete({ url, model, apiKey, parameters }, messages, {
          signal: ctx.signal,
          cut: ctx.t("cut"),
        });
        const { text, error } = await ctx.stream(pieces, { corrections });
        if (error !== undefined) return undefined;
        if (text.trim() === "") return ctx.t("silent");
        memory.exchanges = withinLimits([...memory.exchanges, [question, text]], history);
        return undefined;
      } catch (error) {
        if (!(error instanceof EndpointError)) throw error;
        ctx.log.warn({ err: error }, "the language model did not answer");
        return apology(ctx, error);
      }
    };

    talk.command({
      name: "forget",
      yields: true,
      summary: { en: "forgets what we talked about", de: "vergisst, worüber wir gesprochen haben" },
      run: async (ctx) => {
        (await ctx.session).exchanges = [];
        return ctx.t("forgotten");
      },
    });
    talk
      .on(["message:direct", "message:private"])
      .on("message:body")
      .limit(rateLimit, (ctx) => answer(ctx, ctx.body));
    talk
      .on("message:groupchat")
      .on("message:mention")
      .limit(rateLimit, (ctx) => answer(ctx, `${ctx.from.resource}: ${ctx.mention}`));
  },
});

function apology(ctx: Talk, { trouble, retryAfter }: EndpointError): string {
  if (trouble === "broken") return ctx.t("failing");
  if (trouble === "busy" && retryAfter !== undefined) return ctx.t("busyFor", { seconds: retryAfter });
  return ctx.t(trouble);
}
