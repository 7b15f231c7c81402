import { presence } from "../../stanza/index.ts";
import type { Admission } from "./admission.ts";
import type { ChangeContacts } from "./changes.ts";
import type { ContactStanzas, Said } from "./stanzas.ts";

/** @internal What {@link OwnSide} goes by. */
export interface OwnSideOptions {
  readonly change: ChangeContacts;
  readonly admission: Pick<Admission, "letIn">;
  readonly stanzas: ContactStanzas;
}

/** @internal What a bot, or an admin for it, does about contacts by itself (RFC 6121 §3); by their bare JIDs. */
export class OwnSide {
  readonly #options: OwnSideOptions;

  constructor(options: OwnSideOptions) {
    this.#options = options;
  }

  /** @returns whether they had asked. */
  async accept(key: string): Promise<boolean> {
    const { change, admission } = this.#options;
    let had = false;
    await change(async (book) => {
      const [record = {}, request] = await Promise.all([book.contact(key), book.request(key)]);
      had = request !== undefined && request.refused !== true;
      if (request !== undefined) book.deleteRequest(key);
      if (had) return await admission.letIn(book, key, { ...record, lang: request?.lang }, "contactAccepted");
      if (record.from !== true) book.put(key, { ...record, approved: true });
      return [];
    });
    return had;
  }

  /** @returns whether there was anything to refuse. */
  async refuse(key: string): Promise<boolean> {
    const { change, stanzas } = this.#options;
    let had = false;
    await change(async (book) => {
      const [record = {}, request] = await Promise.all([book.contact(key), book.request(key)]);
      const waits = request !== undefined && request.refused !== true;
      const sees = record.from === true;
      had = waits || sees || record.approved === true;
      if (!had) return [];
      if (waits) book.putRequest(key, { ...request, refused: true });
      if (sees || record.approved === true) book.put(key, { ...record, from: false, approved: false });
      const said: Said[] = [stanzas.refusal(key)];
      if (sees) said.push(stanzas.presence(key, presence({ type: "unavailable" })));
      if (waits) said.push(stanzas.words(key, "contactRefused", request.lang));
      return waits || sees ? said : [];
    });
    return had;
  }

  async subscribe(key: string): Promise<void> {
    const { change, stanzas } = this.#options;
    await change(async (book) => {
      const record = (await book.contact(key)) ?? {};
      if (record.to === true) return [];
      if (record.asked !== true) book.put(key, { ...record, asked: true });
      return [stanzas.presence(key, presence({ type: "subscribe" }))];
    });
  }

  async unsubscribe(key: string): Promise<void> {
    const { change, stanzas } = this.#options;
    await change(async (book) => {
      const record = await book.contact(key);
      if (record?.to !== true && record?.asked !== true) return [];
      book.put(key, { ...record, to: false, asked: false, resources: [] });
      return [stanzas.presence(key, presence({ type: "unsubscribe" }))];
    });
  }
}
