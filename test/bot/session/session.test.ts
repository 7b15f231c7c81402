import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type SessionKey, type SessionOptions, session } from "../../../src/bot/index.ts";
import { APOLOGY } from "../../../src/dispatch/index.ts";
import type { Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { ERROR, stanza, turns, type World, type WorldOptions, words, world } from "../../dispatch/support.ts";

interface Tally {
  count: number;
  note?: unknown;
}

function countUp(tally: Tally): void {
  tally.count += 1;
}

/** A bot that counts what it is told, and looks at nothing when it is told to sleep. */
function counter(
  options: Partial<SessionOptions<Tally>> = {},
  worldOptions?: WorldOptions,
  change: (tally: Tally, body: string) => void = countUp,
): World {
  const plugin = session<Tally>({ initial: () => ({ count: 0 }), ...options });
  return world(
    {
      echo: (bot) =>
        bot.extend(plugin).on("message:body", async (ctx) => {
          if (ctx.body === "sleep") return "zzz";
          const tally = await ctx.session;
          await turns();
          if (ctx.body !== "look") change(tally, ctx.body);
          return ctx.body === "set" ? "set" : JSON.stringify(await ctx.session);
        }),
    },
    worldOptions,
  );
}

function says(from: string, body = "hello", type = "chat", extra = ""): Stanza {
  return stanza(
    `<message type='${type}' from='${from}' to='echo@bots.example'><body>${body}</body>${extra}</message>`,
  );
}

const IN_ROOM = "<x xmlns='http://jabber.org/protocol/muc#user'/>";

async function answer({ dispatcher }: World, request: Stanza): Promise<string> {
  const outcome = await dispatcher.dispatch(request);
  return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
}

/** What went wrong, as the log has it. */
function failure({ log }: World): string {
  const err = log.findLast(({ level }) => level === ERROR)?.err;
  return `${err?.type}: ${err?.message}`;
}

/** A store that counts what it is asked. */
class CountingStore extends MemoryStore {
  reads = 0;
  commits = 0;
  override async get(collection: string, key: string): ReturnType<MemoryStore["get"]> {
    this.reads += 1;
    return await super.get(collection, key);
  }
  override async commit(writes: Parameters<MemoryStore["commit"]>[0]): ReturnType<MemoryStore["commit"]> {
    this.commits += 1;
    return await super.commit(writes);
  }
}

describe("session", () => {
  it("is what the last handler has left, and starts anew with each person", async () => {
    const at = counter();
    assert.equal(await answer(at, says("juliet@example.com/a")), '{"count":1}');
    assert.equal(await answer(at, says("juliet@example.com/b")), '{"count":2}');
    assert.equal(await answer(at, says("romeo@example.com/a")), '{"count":1}');
  });

  it("costs nothing where nobody looks, one read where somebody does, and one write where it has changed", async () => {
    const store = new CountingStore();
    const at = counter({}, { store });
    const costs: [number, number][] = [];
    for (const body of ["sleep", "look", "hello", "look"]) {
      const { reads, commits } = store;
      await answer(at, says("juliet@example.com/a", body));
      costs.push([store.reads - reads, store.commits - commits]);
    }
    assert.deepEqual(costs, [
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 0],
    ]);
  });

  it("is kept with the note that the stanza is handled, and not where the handler fails", async () => {
    const store = new MemoryStore();
    const batches: number[] = [];
    const commit = store.commit.bind(store);
    store.commit = (writes) => {
      batches.push(writes.length);
      return commit(writes);
    };
    const at = counter({}, { store, ack: "durable" }, (tally, body) => {
      tally.count += 1;
      if (body === "fail") throw new Error("on purpose");
    });
    await answer(at, says("juliet@example.com/a"));
    await at.dispatcher.idle();
    assert.deepEqual(batches, [1, 2], "journaled, then stored and completed at once");
    await answer(at, says("juliet@example.com/a", "fail"));
    await answer(at, says("juliet@example.com/a", "look"));
    await at.dispatcher.idle();
    assert.deepEqual(at.sender.words, ['{"count":1}', APOLOGY, '{"count":1}']);
  });

  it("is forgotten when it has not changed for its time", async () => {
    let now = 0;
    const clock = { now: () => now, after: () => () => undefined };
    const at = counter({ ttl: 1_000 }, { clock, store: new MemoryStore({ clock: clock.now }) });
    await answer(at, says("juliet@example.com/a"));
    now = 999;
    assert.equal(await answer(at, says("juliet@example.com/a")), '{"count":2}');
    now = 1_998;
    assert.equal(await answer(at, says("juliet@example.com/a", "look")), '{"count":2}');
    now = 1_999;
    assert.equal(await answer(at, says("juliet@example.com/a")), '{"count":1}');
  });

  describe("belongs to", () => {
    const direct = says("juliet@example.com/a");
    const groupchat = says("room@rooms.example/juliet", "hello", "groupchat");
    const other = says("room@rooms.example/romeo", "hello", "groupchat");
    const whisper = says("room@rooms.example/juliet", "hello", "chat", IN_ROOM);
    const TABLE: [SessionKey, ...string[]][] = [
      ["user", "1", "1", "1", "2"],
      ["occupant", "1", "1", "1", "2"],
      ["room", "1", "1", "2", "3"],
      ["conversation", "1", "1", "2", "1"],
      [() => "all", "1", "2", "3", "4"],
    ];
    for (const [key, ...counts] of TABLE) {
      it(`${String(key)}, in a chat, a room, of two occupants, and in private there`, async () => {
        const at = counter({ key });
        const got: string[] = [];
        for (const each of [direct, groupchat, other, whisper]) got.push(await answer(at, each));
        assert.deepEqual(
          got,
          counts.map((count) => `{"count":${count}}`),
        );
      });
    }
  });

  it("of one bot may be several, by name", async () => {
    const at = world({
      echo: (bot) =>
        bot
          .extend(session({ initial: () => ({ count: 0 }) }))
          .extend(session({ name: "prefs", key: () => "all", initial: () => ({ loud: false }) }))
          .on("message:body", async (ctx) => {
            (await ctx.session).count += 1;
            if (ctx.body === "loud") (await ctx.prefs).loud = true;
            return JSON.stringify([await ctx.session, await ctx.prefs]);
          }),
    });
    await answer(at, says("juliet@example.com/a", "loud"));
    assert.equal(await answer(at, says("romeo@example.com/a")), '[{"count":1},{"loud":true}]');
  });

  describe("of another version", () => {
    const juliet = says("juliet@example.com/a");

    it("is migrated once", async () => {
      const store = new MemoryStore();
      await answer(counter({}, { store }), juliet);
      const migrations: unknown[] = [];
      const migrate = (data: unknown, version: number): Tally => {
        migrations.push([data, version]);
        return { count: 100 * (data as Tally).count };
      };
      const at = counter({ version: 3, migrate }, { store });
      assert.equal(await answer(at, says("juliet@example.com/a", "look")), '{"count":100}');
      assert.equal(await answer(at, juliet), '{"count":101}');
      assert.deepEqual(migrations, [[{ count: 1 }, 1]]);
    });

    it("that nobody migrates, or that is newer, fails and stays as it is", async () => {
      const store = new MemoryStore();
      await answer(counter({ version: 2 }, { store }), juliet);
      for (const [version, says] of [
        [1, /SessionVersionError: .*version 2 by a later edition.*knows version 1/],
        [3, /SessionVersionError: .*version 2.*wants version 3.*migrate/],
      ] as const) {
        const at = counter({ version }, { store });
        assert.equal(await answer(at, juliet), "crash");
        assert.match(failure(at), says);
      }
      assert.equal(await answer(counter({ version: 2 }, { store }), juliet), '{"count":2}');
    });
  });

  it("that is too large fails its handler, and stays as it was", async () => {
    const at = counter({ maxBytes: 30 }, {}, (tally, body) => {
      tally.note = body;
    });
    assert.equal(await answer(at, says("juliet@example.com/a", "short")), '{"count":0,"note":"short"}');
    assert.equal(await answer(at, says("juliet@example.com/a", "ééééé")), "crash");
    assert.match(failure(at), /SessionValueError: ctx\.session has grown to 31 bytes, and may have 30/);
    assert.equal(await answer(at, says("juliet@example.com/a", "look")), '{"count":0,"note":"short"}');
  });

  it("that is no JSON fails its handler, which is told where", async () => {
    const itself: { self?: unknown } = {};
    itself.self = itself;
    const TABLE: [unknown, RegExp][] = [
      [new Map(), /ctx\.session\.note is a Map,/],
      [[{ when: new Date(0) }], /ctx\.session\.note\[0\]\.when is a Date,/],
      [Number.NaN, /ctx\.session\.note is NaN,/],
      [[undefined], /ctx\.session\.note\[0\] is of type undefined,/],
      [() => 1, /ctx\.session\.note is of type function,/],
      [itself, /ctx\.session\.note\.self holds itself,/],
    ];
    for (const [note, message] of TABLE) {
      const at = counter({}, {}, (tally) => {
        tally.note = note;
      });
      assert.equal(await answer(at, says("juliet@example.com/a", "set")), "crash");
      assert.match(failure(at), message);
    }
  });

  it("takes no options that cannot be", () => {
    const initial = (): object => ({});
    assert.throws(() => session({ initial, version: 0 }), /the version of ctx\.session is 0/);
    assert.throws(() => session({ initial, ttl: Number.NaN }), /the ttl of ctx\.session is NaN/);
    assert.throws(() => session({ initial, maxBytes: 1.5 }), RangeError);
    assert.throws(() => session({ initial, name: "a b" }), /"a b"/);
  });

  it("loses no update where a person talks from several rooms and directly at once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 2, maxLength: 30 }), async (places) => {
        const at = counter({ key: () => "juliet" });
        const got = await Promise.all(
          places.map((place) =>
            answer(
              at,
              place === 0
                ? says("juliet@example.com/a")
                : says(`room${place}@rooms.example/juliet`, "hello", "groupchat"),
            ),
          ),
        );
        assert.deepEqual(
          got.map((each) => (JSON.parse(each) as Tally).count).sort((one, two) => one - two),
          places.map((_, index) => index + 1),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("is one where several processes share a store", async () => {
    const store = new MemoryStore();
    const nodes = [1, 2, 3].map(() => counter({ key: () => "all" }, { store }));
    const got = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        answer(nodes[index % 3] as World, says(`p${index}@example.com/a`)),
      ),
    );
    assert.deepEqual(
      got.map((each) => (JSON.parse(each) as Tally).count).sort((one, two) => one - two),
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });
});
