import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Logger } from "pino";
import { contactsOf } from "../../../src/bot/contacts/record.ts";
import { Contacts, type ContactsOptions } from "../../../src/bot/index.ts";
import { Jid, type Message, type Presence } from "../../../src/stanza/index.ts";
import { type Clock, MemoryStore } from "../../../src/store/index.ts";

const BOT = Jid.parse("echo@bots.example");

/** Time that a test moves, timer by timer. */
class Time implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, wake: () => void): () => void {
    const timer = { at: this.#now + milliseconds, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves it, and wakes nobody. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  next(): void {
    const [first] = [...this.#timers].sort((one, other) => one.at - other.at);
    if (first === undefined) return;
    this.#timers.delete(first);
    this.#now = first.at;
    first.wake();
  }
}

/** The contacts of a bot on one node, and what it has said to them. */
class Node {
  readonly contacts: Contacts;
  readonly time = new Time();
  readonly told: Presence[] = [];
  /** Runs before anything is sent. */
  onSend: () => void = () => undefined;

  /** @param names those under which something was sent, on all nodes. */
  constructor(store: MemoryStore, names: Set<string>, more: Partial<ContactsOptions> = {}) {
    const take = (stanza: Message | Presence): void => {
      this.onSend();
      this.told.push(stanza as Presence);
    };
    this.contacts = new Contacts({
      bot: BOT,
      store,
      clock: this.time,
      sender: {
        send: async (stanza, { once = "" } = {}) => {
          if (once === "" || !names.has(once)) take(stanza);
          names.add(once);
          return { id: "" };
        },
        iq: () => Promise.reject(new Error("nothing is asked here")),
      },
      direct: async (stanza) => take(stanza),
      ...more,
    });
  }

  /** Whom it has told what, since it was asked the last time. */
  get said(): Map<string, string> {
    return new Map(this.told.splice(0).map((stanza) => [String(stanza.to), stanza.show ?? stanza.type]));
  }

  /** Goes on until a promise is settled. @returns how many were told by each time. */
  async until(work: Promise<void>): Promise<[number, number][]> {
    const counts: [number, number][] = [];
    const end = { isHere: false };
    const over = work.then(
      () => undefined,
      (error: Error) => error,
    );
    void over.then(() => {
      end.isHere = true;
    });
    while (!end.isHere) {
      await settled();
      counts.push([this.time.now(), this.told.length]);
      if (!end.isHere) this.time.next();
    }
    const error = await over;
    if (error !== undefined) throw error;
    return counts;
  }
}

/** Lets everything happen that needs no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function storeWith(count: number, record: object = { from: true }): Promise<MemoryStore> {
  const store = new MemoryStore();
  const collection = contactsOf(BOT.toString());
  await store.commit(
    Array.from({ length: count }, (_, index) => ({
      put: { collection, key: `user${String(index).padStart(5, "0")}@example.com`, value: { ...record } },
    })),
  );
  return store;
}

describe("what a bot is like", () => {
  it("is told to 10,000 contacts, each once, and a hundred in half a second", async () => {
    const node = new Node(await storeWith(10_000), new Set());
    node.contacts.begin("one");
    const counts = await node.until(node.contacts.announce());
    assert.deepEqual(counts.at(-1), [49_500, 10_000]);
    for (const [time, count] of counts)
      assert.ok(count <= 100 + (time / 500) * 100, `${count} after ${time} ms`);
    assert.equal(node.said.size, 10_000);
  });

  it("is told by one of several nodes, and again in another life, when who is there is asked, too", async () => {
    const store = await storeWith(2, { from: true, to: true });
    const names = new Set<string>();
    const [one, two] = [new Node(store, names), new Node(store, names)];
    const announced = async (node: Node, life: string): Promise<string[]> => {
      node.contacts.begin(life);
      await node.until(node.contacts.announce());
      return node.told.splice(0).map(({ type }) => type);
    };
    assert.deepEqual(await announced(one, "one"), ["available", "available", "probe", "probe"]);
    assert.deepEqual(await announced(two, "one"), []);
    assert.deepEqual(await announced(two, "two"), ["available", "available", "probe", "probe"]);
  });

  it("is told once where several nodes begin at once", async () => {
    const store = await storeWith(3);
    const names = new Set<string>();
    const nodes = [1, 2, 3].map(() => new Node(store, names));
    for (const { contacts } of nodes) contacts.begin("one");
    await Promise.all(nodes.map((node) => node.until(node.contacts.announce())));
    assert.deepEqual(nodes.flatMap(({ told }) => told.map(({ to }) => String(to))).sort(), [
      "user00000@example.com",
      "user00001@example.com",
      "user00002@example.com",
    ]);
  });

  it("is told to the others by the next node where one has ended in the midst of it", async () => {
    const store = await storeWith(250);
    const names = new Set<string>();
    const [one, two] = [new Node(store, names), new Node(store, names)];
    one.contacts.begin("one");
    one.onSend = () => {
      if (one.told.length === 120) throw new Error("killed");
    };
    await assert.rejects(one.until(one.contacts.announce()), /killed/);
    const before = one.said;
    two.contacts.begin("one");
    await two.until(two.contacts.announce());
    const after = two.said;
    assert.equal(before.size, 120);
    assert.equal(new Set([...before.keys(), ...after.keys()]).size, 250);
    // But for the one by which it is tried whether Prosody is there.
    assert.equal(after.size, 131);
  });

  it("is what it has said last, whatever it was telling meanwhile, and stays so", async () => {
    const store = await storeWith(300);
    const names = new Set<string>();
    const node = new Node(store, names);
    node.contacts.begin("one");
    const announced = node.contacts.announce();
    await settled();
    assert.equal(node.told.length, 100);
    await node.contacts.status("away", "Back at 9");
    await node.until(announced);
    await node.until(node.contacts.announce());
    // A hundred of the one, all of the other, and the one by which it is tried whether Prosody is there.
    assert.ok(node.told.length <= 401, `${node.told.length}`);
    const said = node.said;
    assert.equal(said.size, 300);
    assert.deepEqual(new Set(said.values()), new Set(["away"]));

    const next = new Node(store, names);
    next.contacts.begin("two");
    await next.until(next.contacts.announce());
    assert.deepEqual(
      new Set(next.told.map(({ show, status }) => `${show} ${status}`)),
      new Set(["away Back at 9"]),
    );
    await assert.rejects(node.contacts.status("dnd", "z".repeat(1_001)), RangeError);
    await assert.rejects(
      node.contacts.status("dnd", { en: "z".repeat(600), de: "z".repeat(600) }),
      RangeError,
    );
    await next.contacts.status("away", { en: "Back at 9", it: "Torno alle 9" });
    assert.equal((await node.contacts.presence("it-CH")).status, "Torno alle 9");
  });

  it("is told when it is paused and switched off, in the language of each; at its end all hear that it is gone", async () => {
    let state: "running" | "paused" | "disabled" = "running";
    const store = await storeWith(1, { from: true, lang: "de" });
    const node = new Node(store, new Set(), { state: () => state });
    node.contacts.begin("one");
    const seen: unknown[] = [];
    for (const next of ["running", "paused", "disabled", "disabled", "running"] as const) {
      state = next;
      await node.until(node.contacts.announce());
      seen.push(...node.told.splice(0).map(({ type, show, status }) => [type, show, status]));
    }
    await node.contacts.depart();
    seen.push(...node.told.splice(0).map(({ type }) => type));
    // Nobody is told anything after that.
    await node.contacts.announce();
    assert.deepEqual(seen, [
      ["available", undefined, undefined],
      [
        "available",
        "dnd",
        "Entschuldigung, mir geht es gerade nicht gut. Bitte versuche es in ein paar Minuten noch einmal.",
      ],
      ["unavailable", undefined, "Ich bin gerade abgeschaltet. Bitte versuche es später noch einmal."],
      ["available", undefined, undefined],
      "unavailable",
    ]);
    assert.deepEqual(node.told, []);
  });

  it("is not told any more once that has ended, however long the next of them would have waited", async () => {
    const node = new Node(await storeWith(150), new Set());
    node.contacts.begin("one");
    node.onSend = () => {
      if (node.told.length === 99) node.contacts.end();
    };
    await node.contacts.announce();
    assert.deepEqual([node.told.length, node.time.now()], [100, 0]);
  });

  it("ends where there is no time to tell more of them that the bot is gone, and the log says how many", async () => {
    const warnings: unknown[] = [];
    const log = { warn: (...said: unknown[]) => void warnings.push(said) } as unknown as Logger;
    const node = new Node(await storeWith(300), new Set(), { log });
    node.contacts.begin("one");
    node.onSend = () => {
      if (node.told.length >= 150) node.time.pass(5_000);
    };
    await node.contacts.depart();
    assert.equal(node.told.length, 164);
    assert.deepEqual(warnings, [
      [
        { contacts: 136 },
        "there was no time to tell 136 contacts that the bot is gone; they see it as there until it is back and tells them",
      ],
    ]);
  });

  it("is not all that is asked: who is there is, again, of those whom the bot sees", async () => {
    const node = new Node(await storeWith(3, { to: true }), new Set());
    node.contacts.begin("one");
    await node.until(node.contacts.announce());
    for (let times = 0; times < 2; times += 1) await node.until(node.contacts.probe());
    assert.deepEqual(
      node.told.map(({ type }) => type),
      Array.from({ length: 9 }, () => "probe"),
    );
  });

  it("is tried again where Prosody is away", async () => {
    const node = new Node(await storeWith(3), new Set(), {
      direct: () => Promise.reject(new Error("Prosody is away")),
    });
    node.contacts.begin("one");
    await assert.rejects(node.until(node.contacts.announce()), /Prosody is away/);
    assert.deepEqual(node.told, []);
    await assert.rejects(node.until(node.contacts.announce()), /Prosody is away/);
  });
});
