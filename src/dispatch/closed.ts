import { type Chain, Composer, type Context, languageOf, textsOf } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import type { BotGate, Closure } from "./gate.ts";

/**
 * What is done in the place of a bot's own routes while it is closed: a person is told once, politely; a request is refused, so that
 * its sender does not wait. A room hears nothing. Who may see its presence is told by the services that it is away.
 */
export function closedChain(gate: BotGate, why: Closure, conversation: string): Chain<Context> {
  const closed = new Composer<Context>();
  closed.on(["message:direct", "message:private"]).on("message:body", async (ctx) => {
    if (!gate.isNews(conversation)) return undefined;
    return textsOf(ctx.bot).say(why, await languageOf(ctx));
  });
  closed.on("message", () => undefined);
  closed.on("iq", () => {
    throw new StanzaError("service-unavailable", { type: why === "paused" ? "wait" : "cancel" });
  });
  closed.on(["presence:available", "presence:unavailable"], () => undefined);
  return closed.chain();
}
