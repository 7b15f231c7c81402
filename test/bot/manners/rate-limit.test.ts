import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Composer,
  type Context,
  configureBot,
  defineBot,
  type RateLimit,
} from "../../../src/bot/index.ts";

import { type Stanza, StanzaError, writeXml } from "../../../src/stanza/index.ts";
import { type Clock, MemoryStore, type Store } from "../../../src/store/index.ts";
import { buildOccupantId } from "../../../src/xep/index.ts";
import { chat, stanza, turns, type World, words, world } from "../../dispatch/support.ts";

/** A time that only the test moves; no timer goes off. */
class StillClock implements Clock {
  time = 1_000_000;
  now(): number {
    return this.time;
  }
  after(): () => void {
    return () => undefined;
  }
}

interface Stage {
  readonly at: World;
  readonly clock: StillClock;
  readonly store: MemoryStore;
  says(what: string | Stanza): Promise<string>;
}

function stage(
  routes: (bot: Composer<Context>) => unknown,
  given: Partial<Pick<Stage, "clock" | "store">> = {},
): Stage {
  const clock = given.clock ?? new StillClock();
  const store = given.store ?? new MemoryStore({ clock: () => clock.now() });
  const at = world({ echo: routes }, { clock, store });
  return { at, clock, store, says: (what) => say(at, what) };
}

async function say({ dispatcher }: World, what: string | Stanza): Promise<string> {
  const outcome = await dispatcher.dispatch(typeof what === "string" ? chat(what) : what);
  return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
}

const echoing =
  (...limits: RateLimit[]) =>
  (bot: Composer<Context>): unknown =>
    bot.limit(limits).on("message:body", (ctx) => ctx.body);

const inRoom = (nick: string, body: string, occupant?: string): Stanza =>
  stanza(
    `<message type='groupchat' id='g' from='hall@rooms.example/${nick}' to='echo@bots.example'><body>${body}</body>${occupant ? writeXml(buildOccupantId(occupant), "") : ""}</message>`,
  );

const NOTICE = /^That is too much for me at once\. I shall listen again in (\d+) seconds\.$/;

/** How often a store is written to. */
function counting(store: MemoryStore): { commits: number } {
  const count = { commits: 0 };
  const commit: Store["commit"] = store.commit.bind(store);
  store.commit = async (writes) => {
    count.commits += 1;
    return await commit(writes);
  };
  return count;
}

describe("a rate limit", () => {
  it("lets so many through, says once that it is over, and is silent until it is not", async () => {
    const { says, clock } = stage(echoing({ points: 2, duration: 10_000 }));
    assert.equal(await says("one"), "one");
    clock.time += 4_000;
    assert.equal(await says("two"), "two");
    assert.equal(NOTICE.exec(await says("three"))?.[1], "6");
    assert.equal(await says("four"), "silent");
    clock.time += 5_999;
    assert.equal(await says("five"), "silent");
    clock.time += 1;
    assert.equal(await says("six"), "six");
    assert.equal(await says("seven"), "seven");
    assert.match(await says("eight"), NOTICE);
  });

  it("is for each person their own, and speaks their language or the author's words", async () => {
    const { says } = stage(echoing({ points: 1 }));
    assert.equal(await says(chat("a", "xml:lang='de'")), "a");
    assert.match(
      await says(chat("b", "xml:lang='de'")),
      /^Das ist mir zu viel auf einmal\. Ich höre in 60 Sekunden/,
    );
    const romeo = stanza(
      "<message type='chat' id='r' from='romeo@example.com/hall' to='echo@bots.example'><body>me too</body></message>",
    );
    assert.equal(await says(romeo), "me too");
    const own = stage(echoing({ points: 1, notice: { en: "Enough.", de: "Genug." } }));
    await own.says("a");
    assert.equal(await own.says(chat("b", "xml:lang='de'")), "Genug.");
  });

  it("stores nothing more for who goes on after the notice, and forgets when its time is over", async () => {
    const { says, clock, store } = stage(echoing({ points: 3, duration: 10_000 }));
    const count = counting(store);
    for (let each = 0; each < 4; each += 1) await says(`m${each}`);
    const before = count.commits;
    for (let each = 0; each < 200; each += 1) assert.equal(await says(`again ${each}`), "silent");
    assert.equal(count.commits, before);
    const collection = "bot echo@bots.example limits";
    assert.equal((await store.list(collection)).length, 1);
    clock.time += 10_000;
    assert.deepEqual(await store.list(collection), []);
  });

  it("counts handlers that fail, and those that never come to their end", async (t) => {
    const { says } = stage((bot) =>
      bot.limit({ points: 1 }).on("message:body", () => {
        throw new Error("on purpose");
      }),
    );
    assert.equal(await says("one"), "crash");
    assert.match(await says("two"), NOTICE);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const slow = world(
      { echo: (bot) => bot.limit({ points: 1 }).on("message:body", () => new Promise(() => undefined)) },
      { timeout: 100 },
    );
    const outcome = slow.dispatcher.dispatch(chat("one"));
    await turns();
    t.mock.timers.tick(100);
    assert.equal((await outcome).kind, "timeout");
    await turns();
    assert.match(await say(slow, "two"), NOTICE);
  });

  it("is shared by nodes on one store, and survives a restart", async () => {
    const one = stage(echoing({ points: 2 }));
    const other = stage(echoing({ points: 2 }), one);
    assert.equal(await one.says("one"), "one");
    assert.equal(await other.says("two"), "two");
    assert.match(await one.says("three"), NOTICE);
    assert.equal(await other.says("four"), "silent");
  });

  it("loses no count where two are at it at once", async () => {
    const { at } = stage(echoing({ per: () => "all", name: "all", points: 20 }));
    const from = (n: number): Stanza =>
      stanza(
        `<message type='chat' id='m' from='u${n}@example.com/x' to='echo@bots.example'><body>hi</body></message>`,
      );
    for (let each = 0; each < 10; each += 1)
      await Promise.all([say(at, from(2 * each)), say(at, from(2 * each + 1))]);
    assert.match(await say(at, from(99)), NOTICE);
  });

  it("counts in a room only what the bot takes, and tells only who has spoken to it", async () => {
    const { says } = stage((bot) => bot.limit({ points: 2 }).hears(/^!echo (.+)$/, (ctx) => ctx.match[1]));
    for (let each = 0; each < 10; each += 1)
      assert.equal(await says(inRoom("Juliet", `to you all ${each}`)), "unhandled");
    assert.equal(await says(inRoom("Juliet", "!echo one")), "one");
    assert.equal(await says(inRoom("Juliet", "!echo two")), "two");
    assert.equal(await says(inRoom("Juliet", "how nice it is here")), "silent");
    assert.match(await says(inRoom("Juliet", "!echo three")), NOTICE);
    assert.equal(await says(inRoom("Juliet", "!echo four")), "silent");
    assert.equal(await says(inRoom("Romeo", "!echo five")), "five");
  });

  it("knows an occupant through changes of the nickname, and can be for a whole room", async () => {
    const person = stage(echoing({ points: 1 }));
    assert.equal(await person.says(inRoom("Juliet", "!a", "id-1")), "!a");
    assert.match(await person.says(inRoom("Nurse", "!b", "id-1")), NOTICE);
    const room = stage(echoing({ per: "room", points: 1 }));
    assert.equal(await room.says(inRoom("Juliet", "!a")), "!a");
    assert.match(await room.says(inRoom("Romeo", "!b")), NOTICE);
  });

  it("answers requests with an error, and leaves alone what asks nothing", async () => {
    const ping = (id: string): Stanza =>
      stanza(
        `<iq type='get' id='${id}' from='juliet@example.com/b' to='echo@bots.example'><q xmlns='urn:example'/></iq>`,
      );
    const seen: string[] = [];
    const { at, says, store } = stage((bot) =>
      bot.limit({ points: 1 }).use((ctx) => {
        seen.push(ctx.stanza.kind);
      }),
    );
    const typing = stanza(
      "<message type='chat' from='juliet@example.com/b' to='echo@bots.example'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
    );
    for (let each = 0; each < 5; each += 1) await says(typing);
    assert.equal(seen.length, 5);
    await at.dispatcher.dispatch(ping("a"));
    assert.equal(seen.length, 6);
    const outcome = await at.dispatcher.dispatch(ping("b"));
    assert.ok(outcome.kind === "error" && outcome.error instanceof StanzaError);
    assert.deepEqual([outcome.error.condition, outcome.error.type], ["policy-violation", "wait"]);
    const count = counting(store);
    for (let each = 0; each < 20; each += 1) await at.dispatcher.dispatch(ping(`c${each}`));
    assert.equal(count.commits, 0);
    assert.equal(seen.length, 6);
  });

  it("may be several, of which the tightest counts", async () => {
    const { says, clock } = stage(echoing({ points: 2, duration: 1_000 }, { points: 3, duration: 60_000 }));
    assert.deepEqual([await says("1"), await says("2")], ["1", "2"]);
    assert.match(await says("3"), /again in 1 second\.$/);
    clock.time += 1_000;
    assert.equal(await says("4"), "4");
    assert.match(await says("5"), /again in 59 seconds/);
  });

  it("of a whole bot is for help, too", async () => {
    const { at, says } = stage(() => undefined);
    const bot = defineBot({
      name: "echo",
      summary: "says back what you say",
      rateLimit: { points: 2 },
      routes: (on) => void on.command({ name: "hello", summary: "greets", run: () => "Hello!" }),
    });
    at.mount.put({ ...at.bot("echo"), ...configureBot(bot) });
    assert.equal(await says("hello"), "Hello!");
    assert.match(await says("help"), /hello: greets/);
    assert.match(await says("help hello"), NOTICE);
    assert.equal(await says("hello"), "silent");
  });

  it("cannot be of nothing, nor without a name what a function counts", () => {
    assert.throws(() => stage(echoing({ points: 0 })), /points of a rate limit/);
    assert.throws(() => stage(echoing({ duration: 0.5 })), RangeError);
    assert.throws(() => stage(echoing({ per: () => "x" })), /needs a name/);
  });
});
