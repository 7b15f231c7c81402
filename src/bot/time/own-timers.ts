import { Jid } from "../../stanza/index.ts";
import { ConflictError, type JsonValue, SYSTEM_CLOCK } from "../../store/index.ts";
import type { BotHandle } from "../bot-handle.ts";
import { BufferedStorage } from "../storage.ts";
import { laterEntry } from "./later.ts";
import { PendingTimers } from "./pending.ts";
import type { Reminder } from "./reminders.ts";
import { checkData } from "./timer-data.ts";
import { dueAt, type When } from "./when.ts";

/** How often somebody else may be quicker with the timers of the same conversation. */
const MOST_TRIES = 20;

/**
 * @internal Sets a timer in a conversation of a bot, in answer to nothing: it is safe in the store once this resolves.
 *
 * @throws TypeError when it is no time, or the data is no JSON; JidError; TooManyTimersError.
 */
export async function setOwnTimer(
  handle: BotHandle,
  to: Jid | string,
  name: string,
  when: When,
  data: JsonValue,
): Promise<Reminder> {
  const { store, jid: bot, rooms, clock = SYSTEM_CLOCK } = handle;
  const due = dueAt(when, clock.now());
  checkData(name, data);
  if (store === undefined) throw new Error(`${handle.name} has no store, in which a timer could be kept`);
  const address = Jid.parse(to);
  const inRoom = rooms.has(address);
  const toAll = inRoom && address.isBare;
  const from = inRoom ? address : address.bare;
  for (let tries = 1; ; tries += 1) {
    const effects = new BufferedStorage(store, bot.toString(), clock);
    const pending = new PendingTimers(effects, from.bare.toString());
    const id = await pending.add({ name, due, data, reader: from.toString() });
    const timer = { kind: "timer", name, number: id } as const;
    effects.add(laterEntry({ bot, from, to: bot, type: toAll ? "groupchat" : "chat" }, timer, due));
    try {
      await store.commit(effects.conclude());
      handle.onTimer?.(due);
      return { id, name, due, data };
    } catch (error) {
      if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
    }
  }
}
