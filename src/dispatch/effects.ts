import { BufferedStorage } from "../bot/index.ts";
import type { Write } from "../store/index.ts";
import type { Delivery } from "./delivery.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import { commitFailure } from "./stale-state.ts";
import type { Tenure } from "./tenure.ts";

/** Where nodes tell each other what has come, by its fingerprint. */
export const SEEN = "seen";

/** What the handlers of a stanza change, kept back until they are through and committed as one. */
export class Effects {
  readonly #delivery: Delivery;
  readonly #environment: HandlingEnvironment;
  #storage: BufferedStorage | undefined;

  constructor(delivery: Delivery, environment: HandlingEnvironment) {
    this.#delivery = delivery;
    this.#environment = environment;
  }

  /** What takes the changes. */
  open(): BufferedStorage {
    const { store, clock } = this.#environment;
    this.#storage ??= new BufferedStorage(store, this.#delivery.bot.jid.toString(), clock);
    return this.#storage;
  }

  /** Forgets what was changed, as it rests on what is old. */
  drop(): void {
    this.#storage = undefined;
  }

  /** Whether there may be anything to commit, but for the note that a stanza of the inbox is handled. */
  isOpen(tenure: Tenure | undefined): boolean {
    return this.#storage !== undefined || (tenure !== undefined && this.#delivery.seen !== undefined);
  }

  /**
   * Commits what the handlers have set, together with the note that the stanza is handled.
   *
   * @param written the id under which the inbox holds it, if it does.
   * @throws StaleStateError where they had read what was changed meanwhile.
   */
  async commit(written: Promise<string | undefined> | undefined, tenure: Tenure | undefined): Promise<void> {
    const { inbox } = this.#environment;
    const changes = [...(this.#storage?.conclude() ?? []), ...this.#sighting(tenure)];
    const writes = [...(tenure?.fence ?? []), ...changes];
    const id = await written;
    try {
      if (id !== undefined) await inbox.complete(id, writes);
      else if (changes.length > 0) await inbox.write([...writes, ...this.#remembered()]);
      else return;
    } catch (error) {
      throw commitFailure(error, writes);
    }
    tenure?.committed();
  }

  /** So that the stanza is known should it come a second time, after this process has ended. */
  #remembered(): Write[] {
    const { id, conversation } = this.#delivery;
    if (id === undefined) return [];
    return [
      { enqueue: { queue: "inbox", id, key: conversation, payload: null } },
      { complete: { queue: "inbox", id } },
    ];
  }

  /** What tells other nodes that it was here. */
  #sighting(tenure: Tenure | undefined): readonly Write[] {
    const { seen } = this.#delivery;
    if (tenure === undefined || seen === undefined) return [];
    const expires = this.#environment.clock.now() + seen.window;
    return [{ put: { collection: SEEN, key: seen.key, value: null, expires } }];
  }
}
