import type { Jid, Message } from "../../stanza/index.ts";
import { readCorrection, readStanzaId } from "../../xep/index.ts";
import { KeptWords, type KeptWordsOptions, type Word } from "./kept-words.ts";

/** How many messages one bot has at hand, of all rooms. */
const MOST = 1_000;
/** How long the ids may be that are remembered: rooms make them up. */
const LONGEST_ID = 256;

/** What {@link OwnWords} may be told. */
export interface OwnWordsOptions extends Omit<KeptWordsOptions, "store"> {
  /** Default: none, and what the bot has said is known for as long as the process lives. */
  readonly store: KeptWordsOptions["store"] | undefined;
}

/**
 * @internal Under which ids rooms keep what the bot has said there (XEP-0359): reactions and replies name these (XEP-0444 §4.1), and the bot knows
 * its own. The latest are at hand, and others in the store.
 */
export class OwnWords {
  readonly #words = new Map<string, Word>();
  readonly #kept: KeptWords | undefined;

  constructor({ store, ...options }: OwnWordsOptions) {
    this.#kept = store && new KeptWords({ ...options, store });
  }

  /** Whether there is something to {@link save}. */
  get isChanged(): boolean {
    return this.#kept?.isChanged === true;
  }

  /** Learns from a message of the bot that a room has reflected. */
  observe(message: Message): void {
    const room = message.from?.bare;
    const given = room && readStanzaId(message, room);
    const corrected = readCorrection(message);
    const own = corrected ?? message.id;
    if (given === undefined || own === undefined || !isShort(given) || !isShort(own)) return;
    const word = { own, isCorrection: corrected !== undefined };
    this.#note(`${room} ${given}`, word);
    this.#kept?.add(String(room), given, word);
  }

  /** The bot's id of what a room keeps under another one, where that is at hand. */
  find(room: Jid, id: string): string | undefined {
    return this.#words.get(`${room.bare} ${id}`)?.own;
  }

  /** Has it at hand, where the store knows it: an earlier process or another node may have said it. */
  recall(room: Jid, id: string): Promise<void> | undefined {
    if (this.#kept === undefined || !isShort(id) || this.find(room, id) !== undefined) return undefined;
    return this.#recall(this.#kept, room.bare.toString(), id);
  }

  /** Under which id a room keeps what the bot has said under its own; of what was corrected, the first. @throws StoreError */
  async given(room: Jid, own: string): Promise<string | undefined> {
    const prefix = `${room.bare} `;
    for (const [key, word] of this.#words)
      if (word.own === own && !word.isCorrection && key.startsWith(prefix)) return key.slice(prefix.length);
    return await this.#kept?.find(room.bare.toString(), own);
  }

  /** Forgets a room that the bot is through with. */
  end(room: string): void {
    for (const key of this.#words.keys()) if (key.startsWith(`${room} `)) this.#words.delete(key);
    this.#kept?.end(room);
  }

  /** The bot is not through with a room. */
  resume(room: string): void {
    this.#kept?.resume(room);
  }

  /** Tells the store what has changed. @throws StoreError where it cannot be told; then it can be tried again. */
  async save(): Promise<void> {
    await this.#kept?.save();
  }

  async #recall(kept: KeptWords, room: string, id: string): Promise<void> {
    const word = await kept.get(room, id);
    if (word !== undefined) this.#note(`${room} ${id}`, word);
  }

  #note(key: string, word: Word): void {
    this.#words.set(key, word);
    const [oldest] = this.#words.keys();
    if (this.#words.size > MOST && oldest !== undefined) this.#words.delete(oldest);
  }
}

function isShort(id: string): boolean {
  return id.length <= LONGEST_ID;
}
