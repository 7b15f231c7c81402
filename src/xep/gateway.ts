import { type Element, el, Jid } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";

/** XEP-0100 §6: Gateway Interaction, from a legacy address to a JID; also its feature. */
export const NS_GATEWAY = "jabber:iq:gateway";

/** What a gateway asks a person for who wants to add a contact. */
export interface GatewayPrompt {
  /** The name of what is asked for, such as `Contact ID`. */
  readonly prompt: string;
  /** The question, in a sentence. */
  readonly description?: string | undefined;
}

/** Asks a gateway what to ask people for; the payload of an IQ of type `get`. */
export function buildGatewayRequest(): Element {
  return el("query", { xmlns: NS_GATEWAY });
}

/** What a gateway asks for; also what a person has answered it, as the `prompt`. */
export function readGatewayPrompt(payload: Element): GatewayPrompt | undefined {
  if (!payload.is("query", NS_GATEWAY)) return undefined;
  const prompt = payload.childText("prompt")?.trim();
  return prompt === undefined ? undefined : { prompt, description: payload.childText("desc")?.trim() };
}

/** Says what a gateway asks for. With a legacy address as the `prompt`, asks for its JID: the payload of an IQ of type `set`. */
export function buildGatewayPrompt({ prompt, description }: GatewayPrompt): Element {
  return el(
    "query",
    { xmlns: NS_GATEWAY },
    description !== undefined && el("desc", {}, description),
    el("prompt", {}, prompt),
  );
}

/** The JID that a gateway has made of a legacy address. Gateways of old wrote it as a second prompt (§6.3). */
export function readGatewayAddress(payload: Element): Jid | undefined {
  if (!payload.is("query", NS_GATEWAY)) return undefined;
  return readJid((payload.childText("jid") ?? payload.childText("prompt"))?.trim());
}

/**
 * Answers with the JID of a legacy address.
 *
 * @throws JidError when that is no JID.
 */
export function buildGatewayAddress(jid: Jid | string): Element {
  return el("query", { xmlns: NS_GATEWAY }, el("jid", {}, Jid.parse(jid).toString()));
}
