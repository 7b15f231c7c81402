import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0066: Out of Band Data, in a message; also its feature. */
export const NS_OOB = "jabber:x:oob";

/** The web address of a file. */
export interface OutOfBand {
  readonly url: string;
  readonly description: string | undefined;
}

/** The web addresses that a message carries. Whoever fetches one fetches what a stranger has named. */
export function readOutOfBand(message: Message): OutOfBand[] {
  return message.element.childrenNamed("x", NS_OOB).flatMap((x) => {
    const url = x.childText("url")?.trim();
    return url === undefined || url === "" ? [] : [{ url, description: x.childText("desc") }];
  });
}

/** Carries the web address of a file. Clients show the file where the body is the same address and nothing else. */
export function buildOutOfBand(url: string, description?: string): Element {
  return el(
    "x",
    { xmlns: NS_OOB },
    el("url", {}, url),
    description !== undefined && el("desc", {}, description),
  );
}
