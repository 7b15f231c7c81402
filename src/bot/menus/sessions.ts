import { randomBytes } from "node:crypto";
import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import type { Flight } from "../dialog/flight.ts";

/** A command between two steps, as it is stored. */
export interface Session {
  readonly id: string;
  /** The name of the command. */
  readonly node: string;
  /** Of a dialog; `null` where the form of the command is to be filled in. */
  readonly flight: Flight | null;
}

/** How long somebody may take over a step, in milliseconds. */
const LIFETIME = 60 * 60_000;

/** How many sessions a person has at most; the oldest makes room for another. */
const MOST_SESSIONS = 8;

/** What a session id of ours looks like: another was never given out. */
const OURS = /^[\w-]{22}$/;

/** The sessions of whoever has sent the stanza at hand. Each belongs to one resource, and all of a person's are bounded. */
export class Sessions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Whether an id may have been one of ours, so that its session is over. */
  static isOurs(id: string): boolean {
    return OURS.test(id);
  }

  static newId(): string {
    return randomBytes(16).toString("base64url");
  }

  /** @returns `undefined` where there is none, or not of this resource. */
  async find(id: string): Promise<Session | undefined> {
    return (await this.#area.get(this.#keyOf(id))) as unknown as Session | undefined;
  }

  async keep(session: Session): Promise<void> {
    const { id } = session;
    const key = this.#keyOf(id);
    const others = (await this.#list()).filter((each) => each !== key);
    for (const old of others.splice(0, others.length - MOST_SESSIONS + 1)) this.#area.delete(old);
    this.#setList([...others, key]);
    this.#area.set(key, session as unknown as JsonValue, { ttl: LIFETIME });
  }

  async end(id: string): Promise<void> {
    const key = this.#keyOf(id);
    this.#area.delete(key);
    this.#setList((await this.#list()).filter((each) => each !== key));
  }

  async #list(): Promise<string[]> {
    return (await this.#area.get<string[]>(this.#listKey)) ?? [];
  }

  #setList(keys: string[]): void {
    if (keys.length === 0) this.#area.delete(this.#listKey);
    else this.#area.set(this.#listKey, keys, { ttl: LIFETIME });
  }

  get #area(): ReturnType<Context["effects"]["area"]> {
    return this.#ctx.effects.area("menus", { guarded: true });
  }

  get #listKey(): string {
    // In a room each occupant is somebody else.
    return `of ${this.#ctx.inRoom ? this.#ctx.from : this.#ctx.from.bare}`;
  }

  #keyOf(id: string): string {
    return `${this.#ctx.from} ${id}`;
  }
}
