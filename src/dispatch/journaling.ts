import { randomUUID } from "node:crypto";
import { type Delivery, logged } from "./delivery.ts";
import type { Inbox } from "./inbox.ts";

/** How a stanza gets into the inbox, from where it is handled even if this process ends over it. */
export class Journaling {
  readonly #delivery: Delivery;
  readonly #inbox: Inbox;
  readonly #onWritten: (id: string, isEarly: boolean) => void;
  #entryId: string | undefined;
  #written: Promise<string | undefined> | undefined;
  /** Whether it was here before, and is not handled again. */
  #isDuplicate = false;
  /** Whether it must not be handled unless the inbox holds it. */
  #isRequired = false;

  /** @param onWritten told as soon as the stanza may be acknowledged, and whether that is before anything else. */
  constructor(delivery: Delivery, inbox: Inbox, onWritten: (id: string, isEarly: boolean) => void) {
    this.#delivery = delivery;
    this.#inbox = inbox;
    this.#onWritten = onWritten;
  }

  /** The id that its entry has, or would have. */
  get entryId(): string {
    this.#entryId ??= this.#delivery.id ?? randomUUID();
    return this.#entryId;
  }

  /**
   * The id under which the inbox holds it, once it does, or `undefined` where it could not take it; there is no promise before
   * that is begun.
   */
  get written(): Promise<string | undefined> | undefined {
    return this.#written;
  }

  /** Writes the stanza down, unless that is done. */
  begin(): void {
    this.#written ??= this.#write();
  }

  /** The same, where it must not be handled otherwise. */
  require(): void {
    this.#isRequired = true;
    this.begin();
  }

  /** Takes it for written down, as an earlier process did. */
  resume(id: string): void {
    this.#written = Promise.resolve(id);
  }

  /** Whether it may be handled, the inbox holding it under this id or not at all. */
  admits(id: string | undefined): boolean {
    return id === undefined ? !this.#isRequired : !this.#isDuplicate;
  }

  /** Whether it is still to be handled: it may have been, by another node, once it was acknowledged. */
  async isOpen(): Promise<boolean> {
    if (this.#written === undefined) return true;
    const id = await this.#written;
    if (id === undefined) return !this.#isRequired;
    return !this.#isDuplicate && (await this.#inbox.find(id)) !== undefined;
  }

  /** One that cannot be written down is answered when its handler is through. */
  async #write(): Promise<string | undefined> {
    const { bot, stanza, conversation } = this.#delivery;
    const id = this.entryId;
    try {
      this.#isDuplicate = !(await this.#inbox.add(id, bot.jid.toString(), conversation, stanza));
    } catch (error) {
      bot.log.error(
        logged(this.#delivery, error),
        this.#isRequired
          ? "a stanza could not be journaled, so it is not handled"
          : "a stanza could not be journaled, so Prosody has to wait for the handler",
      );
      return undefined;
    }
    this.#onWritten(id, this.#isRequired);
    return id;
  }
}
