import { type Element, el, type Iq, type Message } from "../stanza/index.ts";

/** XEP-0066: Out of Band Data, in a message; also its feature. */
export const NS_OOB = "jabber:x:oob";

/** XEP-0066: Out of Band Data, in an IQ; also its feature. */
export const NS_OOB_IQ = "jabber:iq:oob";

/** The web address of a file. */
export interface OutOfBand {
  readonly url: string;
  readonly description: string | undefined;
}

/** The web addresses that a message carries. Whoever fetches one fetches what a stranger has named. */
export function readOutOfBand(message: Message): OutOfBand[] {
  return message.element.childrenNamed("x", NS_OOB).flatMap((x) => addressIn(x) ?? []);
}

/** Carries the web address of a file. Clients show the file where the body is the same address and nothing else. */
export function buildOutOfBand(url: string, description?: string): Element {
  return address("x", NS_OOB, url, description);
}

/** The web address that somebody asks to fetch, to be answered when that is done (§2). */
export function readOutOfBandRequest(iq: Iq): OutOfBand | undefined {
  const { payload } = iq;
  return iq.type === "set" && payload?.is("query", NS_OOB_IQ) ? addressIn(payload) : undefined;
}

/** Asks somebody to fetch a file; the payload of an IQ of type `set`, whose result says that they have. */
export function buildOutOfBandRequest(url: string, description?: string): Element {
  return address("query", NS_OOB_IQ, url, description);
}

function addressIn(element: Element): OutOfBand | undefined {
  const url = element.childText("url")?.trim();
  return url ? { url, description: element.childText("desc") } : undefined;
}

function address(name: string, xmlns: string, url: string, description: string | undefined): Element {
  return el(name, { xmlns }, el("url", {}, url), description !== undefined && el("desc", {}, description));
}
