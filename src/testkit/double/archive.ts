import { type Element, el, Message, NS_CLIENT } from "../../stanza/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import {
  type ArchiveEnd,
  buildArchiveEnd,
  buildArchiveResult,
  buildDataForm,
  formValues,
  NS_DATA,
  NS_MAM,
  readDataForm,
  readPageRequest,
} from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { freshId } from "./answers.ts";

/** How many messages an archive keeps. */
const LIMIT = 100;

interface Entry {
  readonly id: string;
  readonly at: number;
  readonly message: Element;
}

/** A message archive (XEP-0313), as Prosody's are: in pages either way, filtered by address, time and id. */
export class Archive {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];

  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  add(message: Element, id: string = freshId()): void {
    this.#entries.push({ id, at: this.#clock.now(), message });
    if (this.#entries.length > LIMIT) this.#entries.shift();
  }

  /** The form that tells by what it filters. */
  get form(): Element {
    const fields = [
      { var: "with", type: "jid-single" as const },
      { var: "start", type: "text-single" as const },
      { var: "end", type: "text-single" as const },
      { var: "ids", type: "list-multi" as const },
    ];
    return el("query", { xmlns: NS_MAM }, buildDataForm({ formType: NS_MAM, fields }));
  }

  /**
   * The results to a query, oldest first, and the `<fin/>` that ends them; `undefined` where it names a message that is not there.
   *
   * @param addresses those of the results.
   */
  query(
    query: Element,
    addresses: { readonly to: string; readonly from?: string },
  ): { results: Element[]; fin: Element } | undefined {
    const { max = LIMIT, after, before } = readPageRequest(query) ?? {};
    const known = [after, before].every((id) => !id || this.#entries.some((entry) => entry.id === id));
    if (!known) return undefined;
    const found = this.#filtered(query);
    const from = after === undefined ? 0 : this.#placeOf(after) + 1;
    const until = before ? this.#placeOf(before) : this.#entries.length;
    const between = found.filter((entry) => {
      const place = this.#entries.indexOf(entry);
      return place >= from && place < until;
    });
    const backwards = before !== undefined;
    const page = max === 0 ? [] : backwards ? between.slice(-max) : between.slice(0, max);
    const results = page.map((entry) => resultOf(entry, query.attr("queryid"), addresses));
    const end: ArchiveEnd = {
      complete: page.length === between.length,
      page: { first: page[0]?.id, last: page.at(-1)?.id, index: undefined, count: found.length },
    };
    return { results, fin: buildArchiveEnd(end) };
  }

  #placeOf(id: string): number {
    return this.#entries.findIndex((entry) => entry.id === id);
  }

  #filtered(query: Element): Entry[] {
    const form = query.child("x", NS_DATA);
    const values = form === undefined ? new Map<string, readonly string[]>() : formValues(readDataForm(form));
    const [jid, start, end] = ["with", "start", "end"].map((name) => values.get(name)?.[0]);
    const ids = values.get("ids");
    return this.#entries.filter(
      ({ id, at, message }) =>
        (jid === undefined || ["from", "to"].some((name) => fits(message.attr(name), jid))) &&
        (start === undefined || at >= Date.parse(start)) &&
        (end === undefined || at <= Date.parse(end)) &&
        (ids === undefined || ids.includes(id)),
    );
  }
}

function fits(address: string | undefined, jid: string): boolean {
  return address === jid || bareOf(address ?? "") === jid;
}

function resultOf(
  { id, at, message }: Entry,
  queryid: string | undefined,
  addresses: { readonly to: string; readonly from?: string },
): Element {
  const archived = { id, at: new Date(at), message: new Message(message) };
  return el("message", { xmlns: NS_CLIENT, ...addresses }, buildArchiveResult(archived, queryid));
}
