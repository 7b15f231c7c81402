import { nameOfStore } from "../../server/index.ts";
import { ago, jsonText, moment, print, size, table } from "../output.ts";
import { type ConfigFile, withStore } from "../with-store.ts";
import { type Figures, figuresOf } from "./figures.ts";

/** Shows what a store holds. */
export async function showStats(configFile: ConfigFile, json: boolean): Promise<void> {
  await withStore(configFile, async (store, location) => {
    const figures = await figuresOf(store);
    if (json) return print(jsonText(asJson(nameOfStore(location), figures), 2));
    const { bytes } = figures;
    print(`${nameOfStore(location)}${bytes === undefined ? "" : `, ${size(bytes)}`}`);
    print(figuresTable(figures));
  });
}

/** What is in each queue, for people. */
export function figuresTable({ queues }: Figures): string {
  const since = (time: number | undefined): string => (time === undefined ? "" : ago(time));
  return table([
    ["QUEUE", "WAITING", "SINCE", "DEAD", "SINCE"],
    ...Object.entries(queues).map(([name, { waiting, dead, oldestWaiting, oldestDead }]) => [
      name,
      waiting.toLocaleString("en"),
      since(oldestWaiting),
      dead.toLocaleString("en"),
      since(oldestDead),
    ]),
  ]);
}

/** The same for programs; times as in ISO 8601, sizes in bytes. */
export function asJson(store: string, { queues, bytes }: Figures): object {
  const time = (since: number | undefined): string | null => (since === undefined ? null : moment(since));
  return {
    store,
    bytes: bytes ?? null,
    queues: Object.fromEntries(
      Object.entries(queues).map(([name, { oldestWaiting, oldestDead, ...counts }]) => [
        name,
        { ...counts, oldestWaiting: time(oldestWaiting), oldestDead: time(oldestDead) },
      ]),
    ),
  };
}
