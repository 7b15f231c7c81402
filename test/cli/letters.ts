import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonValue, type QueueName, SqliteStore, type Write } from "../../src/store/index.ts";
import { type Ended, type RunOptions, restanza } from "./run.ts";

/** What a test puts into a store. */
export interface Letter {
  readonly queue?: QueueName;
  readonly id: string;
  readonly bot?: string;
  readonly body?: string;
  /** What was due, where it is no message that has come. */
  readonly timer?: { readonly kind: string; readonly name: string };
  /** Why it was put aside; without it, it waits. */
  readonly error?: string;
}

export const CONVERSATION = "echo@bots.example.org alice@capulet.example";

/** A store in a folder of its own, and the command with that configured. */
export class StoreFolder implements AsyncDisposable {
  readonly folder: string;
  readonly file: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.file = join(folder, "store.sqlite");
  }

  static async with(...letters: Letter[]): Promise<StoreFolder> {
    const made = new StoreFolder(await mkdtemp(join(tmpdir(), "restanza-cli-")));
    await using store = await made.open();
    for (const letter of letters) await store.commit(writesOf(letter));
    return made;
  }

  /** Opens the store as its owner does. */
  open(): Promise<SqliteStore> {
    return SqliteStore.open({ file: this.file });
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return restanza(args, { ...options, env: { RESTANZA_STORE: this.file, ...options.env } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

function writesOf({ queue = "inbox", id, bot = "echo", body = id, timer, error }: Letter): Write[] {
  const payload = queue === "inbox" ? { ...received(bot, body), ...(timer && { timer }) } : toSend(bot, body);
  const bury: Write[] = error === undefined ? [] : [{ bury: { queue, id, error } }];
  return [{ enqueue: { queue, id, key: CONVERSATION, payload } }, ...bury];
}

function received(bot: string, body: string): { readonly bot: string; readonly xml: string } {
  const to = `${bot}@bots.example.org`;
  const xml = `<message xmlns='jabber:client' type='chat' id='m1' from='alice@capulet.example/phone' to='${to}'><body>${body}</body></message>`;
  return { bot: to, xml };
}

function toSend(bot: string, body: string): JsonValue {
  const to = "alice@capulet.example";
  const xml = `<message xmlns='jabber:client' id='m2' from='${bot}@bots.example.org' to='${to}'><body>${body}</body></message>`;
  return { domain: "bots.example.org", to, id: "m2", kind: "message", xml };
}
