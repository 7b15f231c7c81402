import type { Context, SendOptions } from "../../src/bot/index.ts";
import type { Message, Presence } from "../../src/stanza/index.ts";
import type { MemoryNode, SharedMemory } from "../../src/store/index.ts";
import { only, RecordingSender, type World, type WorldOptions } from "./support.ts";

/** What all nodes send, as one recipient would see it: under its conditions, and what has a name once. */
export class Postbox extends RecordingSender {
  readonly #taken = new Set<string>();

  /** What one node sends with. */
  of(store: MemoryNode): RecordingSender {
    const own = new RecordingSender();
    own.send = async (stanza: Message | Presence, { once, along = [] }: SendOptions = {}) => {
      await store.commit(along);
      if (once !== undefined && this.#taken.has(once)) return { id: once };
      if (once !== undefined) this.#taken.add(once);
      return await this.send(stanza, { once });
    };
    return own;
  }
}

/** One node: its store, and a world with one bot that does the same about everything. */
export interface Node extends World {
  readonly store: MemoryNode;
}

const started: Node[] = [];

/** Ends the handlers that never end by themselves, whose timeouts would keep the process. */
export function endAll(): void {
  for (const { dispatcher } of started.splice(0)) dispatcher.abort();
}

/** Starts one more node on a memory. */
export function node(
  memory: SharedMemory,
  postbox: Postbox,
  handle: (ctx: Context) => unknown,
  options: Omit<WorldOptions, "store"> = {},
): Node {
  const store = memory.open();
  const made = { ...only(handle, { ...options, store, senders: () => postbox.of(store) }), store };
  started.push(made);
  return made;
}

/** Keeps in the store in which order a conversation was handled, each stanza once. */
export async function remember(ctx: Context): Promise<void> {
  const seen = (await ctx.storage.get<string[]>(String(ctx.from.bare))) ?? [];
  ctx.storage.set(String(ctx.from.bare), [...seen, ctx.body ?? ""]);
}

/** What {@link remember} has kept of Juliet. */
export async function remembered(
  store: MemoryNode,
  person = "juliet@example.com",
): Promise<readonly string[]> {
  const record = await store.get("bot echo@bots.example", person);
  return (record?.value as string[] | undefined) ?? [];
}
