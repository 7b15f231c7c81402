import { Command } from "commander";
import { loadStorePath } from "../server/index.ts";
import { ConflictError, type QueueEntry, SqliteStore } from "../store/index.ts";

const QUEUE = "inbox";
const PAGE = 500;

/**
 * The commands for stanzas that were put aside because their handler failed. They work beside a running server, which notices
 * a replay within two seconds.
 */
export function deadLetters(configFile: () => Promise<string | undefined>): Command {
  const dead = new Command("dead").description("stanzas that were put aside because their handler failed");

  const withStore = async (work: (store: SqliteStore) => Promise<void>): Promise<void> => {
    const file = await loadStorePath(await configFile(), process.env);
    await using store = await SqliteStore.open({ file, shared: true });
    await work(store);
  };

  dead
    .command("list")
    .description("a line for each: id, when it came, the bot, and why it failed")
    .action(() =>
      withStore(async (store) => {
        for await (const entry of deadEntries(store)) write(summary(entry));
      }),
    );
  dead
    .command("show")
    .argument("<id>")
    .description("all there is of one, its stanza included")
    .action((id: string) =>
      withStore(async (store) => {
        const entry = await store.find(QUEUE, id);
        if (entry?.state !== "dead") return missing(id);
        const { bot, xml } = payloadOf(entry);
        write(`came ${new Date(entry.since).toISOString()} for ${bot}, in the conversation ${entry.key}`);
        write(xml);
        write(entry.error ?? "");
      }),
    );
  dead
    .command("replay")
    .argument("<id>")
    .description("have it handled again, after what waits in its conversation")
    .action((id: string) => withStore((store) => change(store, id, { revive: { queue: QUEUE, id } })));
  dead
    .command("drop")
    .argument("<id>")
    .description("give it up")
    .action((id: string) => withStore((store) => change(store, id, { drop: { queue: QUEUE, id } })));
  return dead;
}

async function* deadEntries(store: SqliteStore): AsyncGenerator<QueueEntry, void> {
  let after = 0;
  for (;;) {
    const page = await store.entries(QUEUE, { state: "dead", after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

async function change(
  store: SqliteStore,
  id: string,
  write: { readonly revive: EntryOf } | { readonly drop: EntryOf },
): Promise<void> {
  try {
    await store.commit([write]);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    missing(id);
  }
}

type EntryOf = { readonly queue: typeof QUEUE; readonly id: string };

function summary(entry: QueueEntry): string {
  const [why = ""] = (entry.error ?? "").split("\n", 1);
  return [entry.id, new Date(entry.since).toISOString(), payloadOf(entry).bot, why].join("  ");
}

function payloadOf({ payload }: QueueEntry): { readonly bot: string; readonly xml: string } {
  return payload as { readonly bot: string; readonly xml: string };
}

function missing(id: string): void {
  process.stderr.write(`nothing was put aside under ${id}; restanza dead list shows what was\n`);
  process.exitCode = 1;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
