import { type Clock, ConflictError, type Store } from "../../store/index.ts";
import type { Sender } from "../sender.ts";
import { BufferedStorage } from "../storage.ts";
import { ContactBook } from "./record.ts";
import type { Said } from "./stanzas.ts";

/** @internal What {@link changer} takes. */
export interface ChangerOptions {
  readonly bot: string;
  readonly store: Pick<Store, "get" | "commit">;
  readonly clock: Clock;
  readonly sender: Sender;
}

/**
 * @internal Changes contacts, and says what follows, together or not at all; anew where somebody else has changed them meanwhile.
 *
 * @param work returns what is said; it may be called several times.
 */
export type ChangeContacts = (work: (book: ContactBook) => Promise<readonly Said[]>) => Promise<void>;

const MOST_TRIES = 20;

/** @internal What changes the contacts of a bot. */
export function changer({ bot, store, clock, sender }: ChangerOptions): ChangeContacts {
  return async (work) => {
    for (let tries = 1; ; tries += 1) {
      const effects = new BufferedStorage(store, bot, clock);
      const said = await work(new ContactBook(effects));
      const writes = effects.conclude();
      try {
        if (sender.enqueue !== undefined && said.length > 0) await sender.enqueue(said, { along: writes });
        else {
          if (writes.length > 0) await store.commit(writes);
          for (const stanza of said) await sender.send(stanza);
        }
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  };
}
