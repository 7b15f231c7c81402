/** What this process has noticed of a room. */
export interface Notice {
  /** When it was heard of last, in milliseconds since 1970. */
  readonly heard?: number | undefined;
  /** Since when the bot has been in it. */
  readonly since?: number | undefined;
  readonly subject?: string | undefined;
  /** Whether this process has joined it. */
  readonly isJoinedHere?: boolean | undefined;
  /** When to ask for the nickname that the bot is to have, as it has been given up. */
  readonly wishFreeAt?: number | undefined;
}

const NOTHING: Notice = {};

/** What this process has noticed of rooms, by their bare JIDs. */
export class Notices {
  readonly #notices = new Map<string, Notice>();

  of(room: string): Notice {
    return this.#notices.get(room) ?? NOTHING;
  }

  /** Adds to what is known, or changes it. */
  note(room: string, notice: Notice): void {
    this.#notices.set(room, { ...this.of(room), ...notice });
  }

  forget(room: string): void {
    this.#notices.delete(room);
  }
}
