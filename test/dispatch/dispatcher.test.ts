import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Composer, Occupants } from "../../src/bot/index.ts";
import { Mount, type Outcome } from "../../src/dispatch/index.ts";
import { Jid, type Stanza, type StanzaError } from "../../src/stanza/index.ts";
import { chat, INFO, only, QUESTION, stanza, turns, WARN, words, world } from "./support.ts";

/** A bot that tells who it is and how it was addressed. */
function telling(name: string): (bot: Composer) => void {
  return (bot) => void bot.on("message:body", (ctx) => `${name} as ${ctx.to}`);
}

const to = (address: string): Stanza =>
  stanza(`<message from='juliet@example.com/balcony' to='${address}' id='m'><body>who?</body></message>`);

async function said(outcome: Outcome | Promise<Outcome>): Promise<string> {
  const settled = await outcome;
  return settled.kind === "reply" ? words(settled.stanza) : settled.kind;
}

describe("which bot a stanza is for", () => {
  const bots = { echo: telling("echo"), help: telling("help"), butler: telling("butler") };

  for (const [address, roles, answer] of [
    ["echo@bots.example", {}, "echo as echo@bots.example"],
    ["echo@bots.example/phone", {}, "echo as echo@bots.example/phone"],
    ["bots.example", {}, "error"],
    ["nobody@bots.example", {}, "error"],
    ["bots.example", { host: "help" }, "help as bots.example"],
    ["bots.example/any", { host: "help" }, "help as bots.example/any"],
    ["help@bots.example", { host: "help" }, "error"],
    ["help@bots.example", { host: "help", catchAll: "butler" }, "butler as help@bots.example"],
    ["help@bots.example", {}, "help as help@bots.example"],
    ["nobody@bots.example", { catchAll: "butler" }, "butler as nobody@bots.example"],
    ["butler@bots.example", { catchAll: "butler" }, "butler as butler@bots.example"],
    ["bots.example", { catchAll: "butler" }, "error"],
    ["bots.example", { host: "absent", catchAll: "absent" }, "error"],
    ["echo@other.example", { catchAll: "butler" }, "error"],
  ] as const) {
    it(`${address} with ${JSON.stringify(roles)}: ${answer}`, async () => {
      assert.equal(await said(world(bots, roles).dispatcher.dispatch(to(address))), answer);
    });
  }

  it("goes by the domain where there are several mounts, a virtual host among them", async () => {
    const users = world({ butler: telling("butler") }, { domain: "example.com", catchAll: "butler" });
    const other = world({ echo: telling("the other echo") }, { domain: "other.example" });
    const { dispatcher, mount } = world(bots, { beside: [users.mount, other.mount] });
    assert.equal(await said(dispatcher.dispatch(to("echo@bots.example"))), "echo as echo@bots.example");
    assert.equal(
      await said(dispatcher.dispatch(to("echo@other.example"))),
      "the other echo as echo@other.example",
    );
    assert.equal(await said(dispatcher.dispatch(to("romeo@example.com"))), "butler as romeo@example.com");
    assert.equal(dispatcher.mount("bots.example"), mount);
    assert.equal(dispatcher.mount("absent.example"), undefined);
  });

  it("is the sender's own account where it has no address (RFC 6120 §10.3)", async () => {
    const seen: string[] = [];
    const { dispatcher } = world(
      { butler: (bot) => bot.on("message:body", (ctx) => void seen.push(`${ctx.to}`)) },
      { domain: "example.com", catchAll: "butler" },
    );
    await dispatcher.dispatch(
      stanza("<message from='juliet@example.com/balcony'><body>note</body></message>"),
    );
    assert.deepEqual(seen, ["butler@example.com"]);
    assert.equal((await dispatcher.dispatch(stanza("<message><body>note</body></message>"))).kind, "error");
  });

  it("is nobody: people and requests are told, rooms and presence are not", async () => {
    const { dispatcher } = world(bots);
    const error = (await dispatcher.dispatch(to("nobody@bots.example"))) as { error: StanzaError };
    assert.equal(error.error.condition, "service-unavailable");
    assert.equal(error.error.text, "Nobody is called nobody here; bots.example may know who is.");
    const at = "from='room@rooms.example/nurse' to='nobody@bots.example'";
    for (const [xml, kind] of [
      [`<iq type='get' id='i' ${at}><ping xmlns='urn:xmpp:ping'/></iq>`, "error"],
      [`<message type='groupchat' ${at}><body>hello</body></message>`, "silent"],
      [
        `<message ${at}><body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
        "silent",
      ],
      [`<presence ${at}/>`, "silent"],
      [`<presence type='subscribe' ${at}/>`, "silent"],
    ]) {
      assert.equal((await dispatcher.dispatch(stanza(xml as string))).kind, kind);
    }
  });

  it("is a bot put in the place of another for what comes from then on", async () => {
    const gate = Promise.withResolvers<void>();
    const { dispatcher, mount, bot } = world({
      echo: (routes) => routes.on("message:body", () => gate.promise.then(() => "older")),
    });
    const newer = world({ echo: (routes) => routes.on("message:body", () => "newer") });
    const outcomes = [dispatcher.dispatch(chat("one"))];
    mount.put({ ...bot("echo"), routes: newer.bot("echo").routes });
    outcomes.push(dispatcher.dispatch(chat("two")));
    gate.resolve();
    assert.deepEqual(await Promise.all(outcomes.map(said)), ["older", "newer"]);
    mount.remove("echo");
    assert.equal(await said(dispatcher.dispatch(chat("three"))), "error");
  });

  it("is told by the directory, by name", () => {
    const { mount } = world(bots, { host: "help" });
    assert.deepEqual(
      mount.list().map(({ name, nick, summary, jid }) => [name, nick, summary, String(jid)]),
      [
        ["butler", "butler", "is butler", "butler@bots.example"],
        ["echo", "echo", "is echo", "echo@bots.example"],
        ["help", "help", "is help", "bots.example"],
      ],
    );
    assert.deepEqual(
      [...mount.bots].map(({ name }) => name),
      ["echo", "help", "butler"],
    );
    assert.deepEqual(new Mount("empty.example").list(), []);
  });
});

describe("conversations", () => {
  it("go side by side, each in its order; an IQ waits for none", async () => {
    const gates = new Map<string, () => void>();
    const order: string[] = [];
    const { dispatcher } = only((ctx) => {
      if (ctx.payload) return ctx.payload;
      order.push(`${ctx.from.local} ${ctx.body}`);
      return new Promise<void>((resolve) => gates.set(`${ctx.from.local} ${ctx.body}`, resolve));
    });
    const message = (from: string, body: string): Stanza =>
      stanza(`<message from='${from}' to='echo@bots.example'><body>${body}</body></message>`);
    const outcomes = [
      dispatcher.dispatch(message("juliet@example.com/balcony", "1")),
      dispatcher.dispatch(message("juliet@example.com/orchard", "2")),
      dispatcher.dispatch(message("romeo@example.com/phone", "1")),
    ];
    assert.deepEqual(order, ["juliet 1", "romeo 1"]);
    const answer = dispatcher.dispatch(QUESTION);
    assert.ok(!(answer instanceof Promise) && answer.kind === "reply");
    gates.get("juliet 1")?.();
    await turns();
    assert.deepEqual(order, ["juliet 1", "romeo 1", "juliet 2"]);
    for (const open of gates.values()) open();
    assert.deepEqual(await Promise.all(outcomes), Array(3).fill({ kind: "silent" }));
    await dispatcher.idle();
  });

  it("that hold too much turn the rest away, also requests", async () => {
    const gate = Promise.withResolvers<void>();
    const { dispatcher, log } = only(() => gate.promise, { limits: { perLane: 1, total: 3 } });
    const outcomes = [dispatcher.dispatch(chat("runs")), dispatcher.dispatch(chat("waits"))];
    const turned = dispatcher.dispatch(chat("turned away"));
    assert.ok(!(turned instanceof Promise) && turned.kind === "error");
    assert.equal(turned.error.condition, "resource-constraint");
    assert.equal(turned.error.type, "wait");
    outcomes.push(dispatcher.dispatch(QUESTION));
    assert.equal((await dispatcher.dispatch(QUESTION)).kind, "error");
    assert.deepEqual(
      log.map(({ level, msg }) => [level, msg]),
      [
        [WARN, "a stanza was turned away: 1 stanzas wait in this conversation"],
        [WARN, "a stanza was turned away: 3 stanzas are at work already"],
      ],
    );
    gate.resolve();
    await Promise.all(outcomes);
    assert.equal((await dispatcher.dispatch(chat("welcome again"))).kind, "silent");
  });

  it("are idle when the last handler is through", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const { dispatcher } = only(() => gates[begun++]?.promise);
    const outcomes = [dispatcher.dispatch(chat("one")), dispatcher.dispatch(chat("two"))];
    let idle = false;
    const waiting = dispatcher.idle().then(() => {
      idle = true;
    });
    for (const gate of gates) {
      await turns();
      assert.equal(idle, false);
      gate.resolve();
    }
    await waiting;
    assert.equal(begun, 2);
    await Promise.all(outcomes);
  });
});

describe("what is not for a handler", () => {
  const room = Jid.parse("room@rooms.example");
  const say = (nick: string): Stanza =>
    stanza(
      `<message type='groupchat' from='${room}/${nick}' to='echo@bots.example'><body>hello</body></message>`,
    );
  const presence = (nick: string, type: "available" | "unavailable", ...inside: string[]): Stanza =>
    stanza(
      `<presence ${type === "available" ? "" : `type='${type}'`} from='${room}/${nick}' to='echo@bots.example'><x xmlns='http://jabber.org/protocol/muc#user'>${inside.join("")}</x></presence>`,
    );
  const status = (code: number): string => `<status code='${code}'/>`;

  it("is the bot's own word that a room sends back, under whatever nickname it has by then", async () => {
    const seen: string[] = [];
    const { dispatcher, bot, log } = only((ctx) => void seen.push(`${ctx.from.resource} ${ctx.stanza.kind}`));
    const { rooms } = bot("echo");
    await rooms.join(room, "Echo");
    for (const each of [
      say("Echo"),
      say("nurse"),
      presence("nurse", "available"),
      presence("Echo", "available", status(110)),
    ]) {
      await dispatcher.dispatch(each);
    }
    assert.deepEqual(seen.splice(0), ["nurse message", "nurse presence"]);
    const renamed = presence("Echo", "unavailable", "<item nick='Echo2'/>", status(303), status(110));
    for (const each of [renamed, say("Echo2"), say("Echo"), presence("Echo2", "available", status(110))]) {
      await dispatcher.dispatch(each);
    }
    assert.deepEqual(seen.splice(0), ["Echo message"], "somebody else may take the old nickname");
    await dispatcher.dispatch(presence("Echo2", "unavailable", status(307), status(110)));
    assert.deepEqual(seen, ["Echo2 presence"], "that it was thrown out is news");
    assert.deepEqual(rooms.joined, []);
    assert.deepEqual(
      log.map(({ level, msg }) => [level, msg]),
      [
        [INFO, "the bot is in a room"],
        [WARN, "the bot is not in a room any more; it does not try again"],
      ],
    );
    assert.equal((await dispatcher.dispatch(say("Echo2"))).kind, "silent");
    assert.equal(seen.length, 2);
  });

  it("is not an occupant who says to be the bot", async () => {
    const seen: string[] = [];
    const { dispatcher, bot } = only((ctx) => void seen.push(`${ctx.from.resource} ${ctx.stanza.type}`));
    const { rooms } = bot("echo");
    await rooms.join(room, "Echo");
    for (const each of [
      presence("Echo", "available", status(110)),
      presence("mallory", "available", status(110), status(210)),
      presence("mallory", "unavailable", status(307), status(110)),
      say("Echo"),
    ]) {
      await dispatcher.dispatch(each);
    }
    assert.deepEqual(seen, ["mallory available", "mallory unavailable"]);
    assert.equal(rooms.nick(room), "Echo");
  });

  it("has occupants who stay known though one of them says to be the bot, coming or going", async () => {
    const seen: string[] = [];
    const made = world({
      echo: (on) => on.on("presence:joined", (ctx) => void seen.push(ctx.occupant.nick)),
    });
    const occupants = new Occupants();
    made.mount.put({ ...made.bot("echo"), occupants });
    await made.bot("echo").rooms.join(room, "Echo");
    const known = (): string[] => occupants.in(room).map(({ nick }) => nick);
    for (const each of [
      presence("Echo", "available", status(110)),
      presence("nurse", "available"),
      presence("mallory", "available", status(110)),
      presence("mallory", "unavailable", status(307), status(110)),
    ])
      await made.dispatcher.dispatch(each);
    assert.deepEqual(seen, ["nurse", "mallory"]);
    assert.deepEqual(known(), ["Echo", "nurse"]);
    await made.dispatcher.dispatch(presence("Echo", "unavailable", status(307), status(110)));
    assert.deepEqual(known(), []);
  });

  for (const [mount, window, expected] of [
    ["with our module", undefined, ["nurse"]],
    ["on a stock mount, where that may be late news", 60_000, []],
  ] as const) {
    it(`is told who comes after the bot ${mount}`, async () => {
      const seen: string[] = [];
      const made = world({
        echo: (on) => on.on("presence:joined", (ctx) => void seen.push(ctx.occupant.nick)),
      });
      const occupants = new Occupants();
      made.mount.put({ ...made.bot("echo"), occupants });
      await made.bot("echo").rooms.join(room, "Echo");
      for (const each of [
        presence("doctor", "available"),
        presence("Echo", "available", status(110)),
        presence("nurse", "available"),
      ]) {
        await made.dispatcher.dispatch(each, { window });
      }
      assert.deepEqual(seen, expected);
      assert.equal(occupants.in(room).length, 3);
    });
  }

  it("is the bot's own arrival under a nickname that the room chose", async () => {
    const { dispatcher, bot } = only(() => assert.fail("it reached a handler"));
    await bot("echo").rooms.join(room, "Echo");
    const arrival = presence("Echo-2", "available", status(110), status(210));
    assert.deepEqual(await dispatcher.dispatch(arrival), { kind: "silent" });
    assert.deepEqual(await dispatcher.dispatch(say("Echo-2")), { kind: "silent" });
  });

  it("is told apart by the rooms that a bot is in, where a stanza does not say that it comes from one", async () => {
    const { dispatcher, bot } = only(() => undefined);
    const unmarked = (to: string): Stanza => stanza(`<message type='chat' from='${room}/nurse' to='${to}'/>`);
    assert.equal(dispatcher.isFromJoinedRoom(unmarked("echo@bots.example")), false);
    await bot("echo").rooms.join(room);
    assert.equal(dispatcher.isFromJoinedRoom(unmarked("echo@bots.example")), true);
    assert.equal(dispatcher.isFromJoinedRoom(unmarked("echo@other.example")), false);
    assert.equal(dispatcher.isFromJoinedRoom(chat("hello")), false);
    assert.equal(dispatcher.isFromJoinedRoom(stanza("<message/>")), false);
  });

  it("is not that a room turns the bot away", async () => {
    const seen: unknown[] = [];
    const { dispatcher, bot } = world({
      echo: (routes) => routes.on("presence:error", (ctx) => void seen.push(ctx.stanza.error?.condition)),
    });
    await bot("echo").rooms.join(room, "Echo");
    await dispatcher.dispatch(
      stanza(
        "<presence type='error' from='room@rooms.example/Echo' to='echo@bots.example'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
      ),
    );
    assert.deepEqual(seen, ["conflict"]);
    assert.deepEqual(bot("echo").rooms.joined, []);
  });

  it("is the answer to a request, which comes back where it was asked", async () => {
    const { dispatcher } = only(() => assert.fail("it reached a handler"));
    for (const type of ["result", "error"]) {
      const answer = stanza(`<iq type='${type}' id='x' from='juliet@example.com/a' to='echo@bots.example'/>`);
      assert.deepEqual(await dispatcher.dispatch(answer), { kind: "silent" });
    }
  });

  it("is what no handler wants: the fallback has it, and after that nobody", async () => {
    const { dispatcher } = world({ echo: (bot) => bot.hears("hello", () => "hi") });
    assert.deepEqual(await dispatcher.dispatch(chat("what?")), { kind: "unhandled" });
    assert.deepEqual(await dispatcher.dispatch(QUESTION), { kind: "unhandled" });
  });
});
