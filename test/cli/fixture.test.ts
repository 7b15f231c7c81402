import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { pino } from "pino";
import {
  type Bot,
  Contacts,
  configureBot,
  defineBot,
  Identity,
  Peers,
  profileOf,
  Rooms,
  type Sender,
} from "../../src/bot/index.ts";
import { Dispatcher, Mount } from "../../src/dispatch/index.ts";
import { Jid, readStanza } from "../../src/stanza/index.ts";
import type { Store } from "../../src/store/index.ts";
import { readFixture, replay } from "../../src/testkit/index.ts";
import { StoreFolder } from "./letters.ts";

/** Adds up what it is told, and crashes over what is no number. */
const summing = defineBot({
  name: "sum",
  summary: "adds up",
  ack: "durable",
  routes: (on) =>
    void on.on("message:body", (ctx) => {
      return String(ctx.body.split(" ").reduce((sum, word) => sum + BigInt(word), 0n));
    }),
});

/** Has a bot crash over a message, as it would in a server with this store. */
async function crash(bot: Bot, xml: string, store: Store): Promise<void> {
  const jid = Jid.parse("sum@bots.capulet.lit");
  const sender: Sender = {
    send: async ({ id = "" }) => ({ id }),
    iq: () => Promise.reject(new Error("none")),
  };
  const mount = new Mount(jid.domain);
  const log = pino({ level: "silent" });
  mount.put({
    jid,
    identity: new Identity(jid, profileOf(bot)),
    peers: new Peers(jid, { ask: (request) => sender.iq(request) }),
    sender,
    directory: mount,
    log,
    contacts: new Contacts({ bot: jid, sender, store }),
    rooms: new Rooms(jid, sender),
    ...configureBot(bot),
  });
  const dispatcher = new Dispatcher({ mounts: [mount], store });
  assert.deepEqual(await dispatcher.dispatch(readStanza(xml), { id: "msg_1" }), { kind: "accepted" });
  await dispatcher.idle();
}

describe("restanza fixture", { concurrency: 3 }, () => {
  test("a stanza over which a bot has crashed crashes it in a test, and tells nothing of who sent it", async () => {
    await using at = await StoreFolder.with();
    {
      await using store = await at.open();
      await crash(
        summing,
        "<message xmlns='jabber:client' type='chat' id='m1' from='juliet@capulet.lit/balcony' to='sum@bots.capulet.lit'><body>3 4 Romeo</body></message>",
        store,
      );
    }
    const file = `${at.folder}/crash.json`;
    const { code, stdout, stderr } = await at.run(["fixture", "msg_1", "--output", file]);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /crash\.json is written\. In a test: await replay\(await readFixture\(/);
    assert.doesNotMatch(await readFile(file, "utf8"), /juliet|capulet|balcony|Romeo|[34]|m1/);

    const fixture = await readFixture(file);
    assert.equal(String(fixture.bot), "sum@bots.example.org");
    await assert.rejects(replay(fixture, summing), { name: "SyntaxError" });
  });

  test("shows it where no file is named, waiting or put aside, with its text if that is to stay", async () => {
    await using at = await StoreFolder.with(
      { id: "waits", body: "Hello 7" },
      { id: "dead", error: "Error: x" },
    );
    const fixture = async (...args: string[]) =>
      JSON.parse((await at.run(["fixture", ...args])).stdout) as {
        bot: string;
        conversation: string;
        stanza: string;
      };
    const { bot, conversation, stanza } = await fixture("waits");
    assert.deepEqual(
      [bot, conversation],
      ["echo@bots.example.org", "echo@bots.example.org alice@example.org"],
    );
    assert.match(stanza, /<body>Xxxxx 0<\/body>/);
    assert.match((await fixture("waits", "--keep-text")).stanza, /<body>Hello 7<\/body>/);
    assert.match((await fixture("dead")).stanza, /<body>xxxx<\/body>/);
  });

  test("writes no file over another, and knows what is not there", async () => {
    await using at = await StoreFolder.with({ id: "a" });
    const existing = await at.run(["fixture", "a", "-o", at.file]);
    assert.equal(existing.code, 1);
    assert.match(existing.stderr, /store\.sqlite exists; name a file that does not/);
    const nowhere = await at.run(["fixture", "a", "-o", `${at.folder}/none/a.json`]);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /a\.json cannot be written: ENOENT/);
    const unknown = await at.run(["fixture", "nope"]);
    assert.deepEqual(
      [unknown.code, unknown.stdout, unknown.stderr],
      [1, "", "the inbox has no nope; restanza dead list shows what was put aside\n"],
    );
  });
});
