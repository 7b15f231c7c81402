import type { Jid, PresenceShow } from "../../stanza/index.ts";
import type { Store } from "../../store/index.ts";
import type { Text } from "../text.ts";

/** What a bot can say of itself: `available`, or in which way it is not quite. */
export type BotShow = "available" | PresenceShow;

/** @internal What a bot has said of itself. */
export interface Status {
  readonly show?: PresenceShow | undefined;
  readonly text?: Text | undefined;
}

const LONGEST = 1_000;

/** @internal Where it is kept what a bot has said of itself. */
export class StatusStore {
  readonly #store: Pick<Store, "get" | "commit">;
  readonly #place: { readonly collection: string; readonly key: string };

  constructor(bot: Jid, store: Pick<Store, "get" | "commit">) {
    this.#store = store;
    this.#place = { collection: `presence of ${bot}`, key: "status" };
  }

  async read(): Promise<Status> {
    const { collection, key } = this.#place;
    return ((await this.#store.get(collection, key))?.value ?? {}) as Status;
  }

  /** @throws RangeError when the text is too long. */
  async write(show: BotShow, text: Text | undefined): Promise<void> {
    const length = Object.values(typeof text === "string" ? { text } : (text ?? {})).join("").length;
    if (length > LONGEST)
      throw new RangeError(
        `a status has at most ${LONGEST} characters, as everybody gets it; this one has ${length}`,
      );
    const value = { ...(show !== "available" && { show }), ...(text !== undefined && { text }) };
    await this.#store.commit([{ put: { ...this.#place, value } }]);
  }
}
