import { randomUUID } from "node:crypto";
import { type BotHandle, RoomKeeper } from "../bot/index.ts";
import { Jid } from "../stanza/index.ts";
import { type Clock, ConflictError, type Store, SYSTEM_CLOCK } from "../store/index.ts";
import type { MountConfig } from "./config.ts";

/** What a {@link RoomKeeping} takes. */
export interface RoomKeepingOptions {
  /** What the configuration lists, by bot. */
  readonly rooms: MountConfig["rooms"];
  readonly store?: Store | undefined;
  readonly clock?: Clock | undefined;
}

/** Where nodes tell each other which of them looks after a room. */
const COLLECTION = "rooms looked after";

/** Keeps the bots of one mount in their rooms: what the configuration lists, and where they went by themselves. */
export class RoomKeeping {
  readonly #options: RoomKeepingOptions;
  readonly #clock: Clock;
  readonly #keepers = new Map<string, RoomKeeper>();
  readonly #node = randomUUID();

  constructor(options: RoomKeepingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /**
   * Has a bot enter what the configuration lists, and the rooms that it was in, and leave what is listed no more.
   *
   * @throws StoreError and RestError where that could not be done; it can be tried again.
   */
  async enter({ name, rooms, log, jid }: BotHandle): Promise<void> {
    const listed = (this.#options.rooms[name] ?? []).map(readListed);
    for (const { room, listed: wasListed } of rooms.known)
      if (wasListed && !listed.some(({ at }) => at.bare.toString() === room))
        await rooms.leave(Jid.fromWire(room));
    for (const { at, password } of listed) rooms.want(at.bare, at.resource, { listed: true, password });
    const keeper =
      this.#keepers.get(name) ??
      new RoomKeeper({ rooms, log, clock: this.#clock, claim: this.#claimFor(jid) });
    this.#keepers.set(name, keeper);
    keeper.start();
  }

  /** Has a bot leave its rooms for now: when it enters them the next time, it is back in all of them. */
  async depart({ name, rooms }: BotHandle): Promise<void> {
    this.#keepers.get(name)?.stop();
    await rooms.departAll();
  }

  /** Prosody has started: its rooms may know nobody. */
  checkAll(): void {
    for (const keeper of this.#keepers.values()) keeper.checkAll();
  }

  stop(): void {
    for (const keeper of this.#keepers.values()) keeper.stop();
  }

  #claimFor(bot: Jid): ((what: string, milliseconds: number) => Promise<boolean>) | undefined {
    const { store } = this.#options;
    if (store?.leases === undefined) return undefined;
    return async (what, milliseconds) => {
      const place = { collection: COLLECTION, key: `${bot} ${what}` };
      const found = await store.get(place.collection, place.key);
      if (found !== undefined && found.value !== this.#node) return false;
      const expires = this.#clock.now() + milliseconds;
      try {
        await store.commit([
          { put: { ...place, value: this.#node, expires, ifVersion: found?.version ?? 0 } },
        ]);
        return true;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    };
  }
}

function readListed(listed: MountConfig["rooms"][string][number]): {
  readonly at: Jid;
  readonly password: string | undefined;
} {
  if (typeof listed === "string") return { at: Jid.parse(listed), password: undefined };
  return { at: Jid.parse(listed.room), password: listed.password };
}
