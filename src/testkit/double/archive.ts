import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import { freshId } from "./answers.ts";

const NS_MAM = "urn:xmpp:mam:2";
const NS_RSM = "http://jabber.org/protocol/rsm";

/** How many messages an account keeps. */
const LIMIT = 100;

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly message: Element;
}

/** A message archive (XEP-0313) just large enough that a query has several answers. */
export class Archive {
  readonly #entries: Entry[] = [];

  add(message: Element): void {
    this.#entries.push({ id: freshId(), at: new Date().toISOString(), message });
    if (this.#entries.length > LIMIT) this.#entries.shift();
  }

  /** The results to a query, oldest first, and the `<fin/>` that ends them. */
  query(query: Element, to: string): { results: Element[]; fin: Element } {
    const max = Number(query.child("set", NS_RSM)?.childText("max") ?? LIMIT);
    const page = this.#entries.slice(0, max);
    const results = page.map(({ id, at, message }) =>
      el(
        "message",
        { xmlns: NS_CLIENT, to },
        el(
          "result",
          { xmlns: NS_MAM, id, queryid: query.attr("queryid") },
          el(
            "forwarded",
            { xmlns: "urn:xmpp:forward:0" },
            el("delay", { xmlns: "urn:xmpp:delay", stamp: at }),
            message,
          ),
        ),
      ),
    );
    const complete = page.length === this.#entries.length;
    const fin = el(
      "fin",
      { xmlns: NS_MAM, complete: complete || undefined },
      el(
        "set",
        { xmlns: NS_RSM },
        page[0] !== undefined && el("first", {}, page[0].id),
        page[0] !== undefined && el("last", {}, page.at(-1)?.id),
        el("count", {}, String(this.#entries.length)),
      ),
    );
    return { results, fin };
  }
}
