import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { TestContext } from "node:test";
import { el, Jid, message } from "restanza/stanza";
import type { Testbed } from "restanza/testkit";
import {
  buildCommandAnswer,
  buildDataForm,
  buildDiscoItems,
  buildPubSubEvent,
  NS_COMMANDS,
  NS_PUBSUB,
  readCommandRequest,
} from "restanza/xep";

/** What happens with a bot besides one line and its answer. */
type Talk = (bed: Testbed, t: TestContext) => Promise<void>;

const NS_DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
const ADMIN = "http://jabber.org/protocol/admin";

/** Has what a bot fetches be these words. */
function serves(t: TestContext, words: string): void {
  t.mock.method(globalThis, "fetch", async () => new Response(words));
}

/** What goes on with bots of the pages that ask others, go by the time, or sit in rooms; by page and name. */
export const TALKS: Readonly<Record<string, Talk>> = {
  "docs/bots/calls.md warden": async (bed) => {
    const server = bed.service("example.com");
    server.answers(NS_DISCO_ITEMS, () =>
      buildDiscoItems([{ jid: "example.com", node: "uptime", name: "Uptime" }], NS_COMMANDS),
    );
    const notes = [{ type: "info", text: "Up for 2 days" }] as const;
    server.answers(NS_COMMANDS, () => buildCommandAnswer({ node: "uptime", status: "completed", notes }));
    (await bed.alice.says("uptime")).expect("Up for 2 days. The server has 1 commands for me.");
  },

  "docs/bots/calls.md desk": async (bed) => {
    const names = ["accountjid", "password", "password-verify"];
    const empty = buildDataForm({
      type: "form",
      fields: names.map((name) => ({ var: name, type: "text-single" })),
    });
    bed.service("example.com").answers(NS_COMMANDS, (request) => {
      const asked = request.payload && readCommandRequest(request.payload);
      const { node = "" } = asked ?? {};
      if (asked?.form === undefined)
        return buildCommandAnswer({
          node,
          sessionId: "1",
          status: "executing",
          actions: ["complete"],
          execute: "complete",
          form: empty,
        });
      const notes = [{ type: "info", text: "Account added" }] as const;
      return buildCommandAnswer({ node, sessionId: "1", status: "completed", notes });
    });
    (await bed.alice.says("add romeo@example.com balcony")).expect("Account added");
    assert.equal(bed.service("example.com").asked[0]?.payload?.attr("node"), `${ADMIN}#add-user`);
    assert.match((await bed.bob.says("add eve@example.com apple")).body, /^(?!Account added)/);
  },

  "docs/bots/calls.md herald": async (bed) => {
    const service = bed.service("pubsub.example.com");
    service.answers(NS_PUBSUB, () => el("pubsub", { xmlns: NS_PUBSUB }));
    await bed.restart();
    assert.deepEqual(
      service.asked.map(({ payload }) => payload?.elements[0]?.name),
      ["subscribe", "publish"],
    );
    const title = el("title", { xmlns: "urn:example:news" }, "A feud");
    const items = [{ id: "1", payload: title, publisher: undefined }];
    await service.tells("herald@bots.localhost", buildPubSubEvent({ type: "items", node: "news", items }));
    assert.doesNotMatch(bed.transcript().split("restart")[1] ?? "failed", /fail|not start/);
  },

  "docs/bots/contacts.md baker": async (bed) => {
    const seen: string[] = [];
    bed.alice.listen((stanza) => {
      if (stanza.kind === "presence" && stanza.from?.local === "baker" && stanza.type === "available")
        seen.push(`${stanza.show ?? "available"} ${stanza.status ?? ""}`);
    });
    await bed.alice.subscribes();
    seen.length = 0;
    await bed.clock.advance("8h");
    await bed.clock.advance("15h");
    assert.deepEqual(seen, ["away Back at 9", "available "]);
  },

  "docs/bots/files.md cats": async (bed) => {
    const { last } = await bed.alice.says("cat");
    assert.deepEqual(
      last?.files.map(({ name, description }) => [name, description]),
      [["cat.jpg", "a cat on a wall"]],
    );
  },

  "docs/bots/messages.md herald": async (bed) => {
    assert.match(
      bed.transcript(),
      /^herald → juliet: \[markable .*\] 1:0\nherald → juliet: \[corrects\] 1:1$/,
    );
  },

  "docs/bots/replies.md news": async (bed, t) => {
    serves(t, "A feud in Verona");
    (await bed.alice.says("news")).expect("One moment …", "A feud in Verona", "That was all.");
  },

  "docs/bots/replies.md oracle": async (bed) => {
    const ask = async (question?: string) =>
      (await bed.alice.asks(el("oracle", { xmlns: "urn:example:oracle", question }))).payload?.text;
    assert.deepEqual([await ask("Is it the nightingale?"), await ask("It is the lark")], ["yes", "no"]);
    await assert.rejects(ask(), { condition: "bad-request", text: "Ask something" });
  },

  "docs/bots/replies.md sage": async (bed, t) => {
    serves(t, "All the world’s a stage.");
    assert.match((await bed.alice.says("What is the world?")).body, /^All the world’s a stage\.$/);
  },

  "docs/bots/rooms.md scribe": async (bed) => {
    await bed.room("hall");
    (await bed.alice.in("hall").says("scribe: it is the lark")).expect("alice said: it is the lark");
  },

  "docs/bots/rooms.md guest": async (bed) => {
    const room = await bed.room("den", { bots: [] });
    await bed.alice.sends(
      message(
        { to: "guest@bots.localhost" },
        el("x", { xmlns: "jabber:x:conference", jid: String(room.jid) }),
      ),
    );
    assert.deepEqual(room.nicks, [], "people of localhost are not among those whom it follows");
  },

  "docs/bots/rooms.md bouncer": async (bed) => {
    const room = await bed.room("hall", { archives: true });
    await room.affiliates(Jid.parse("bouncer@bots.localhost"), "admin");
    await bed.alice.joins(room);
    await bed.bob.in(room).says("Buy now!");
    assert.deepEqual([...room.nicks].sort(), ["alice", "bouncer"]);
    assert.ok(await bed.alice.hears(/Buy now!/));
  },

  "docs/bots/web-hooks.md builds": async (bed) => {
    await bed.room("team");
    await bed.alice.joins("team");
    const body = JSON.stringify({ ref: "refs/heads/main" });
    const signature = createHmac("sha256", "long-and-random").update(body).digest("hex");
    const push = (signed: string) =>
      bed.calls("/bots/builds/", {
        method: "POST",
        body,
        headers: { "x-hub-signature-256": `sha256=${signed}`, "content-type": "application/json" },
      });
    assert.equal((await push(signature)).status, 204);
    assert.ok(await bed.alice.hears("Somebody pushed to refs/heads/main."));
    assert.notEqual((await push("0".repeat(64))).status, 204);
    await bed.alice.hearsNothing();
  },
};
