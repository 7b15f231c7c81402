import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Composer, featuresOf } from "../../../src/bot/index.ts";

function of(add: (bot: Composer) => unknown): string[] {
  const bot = new Composer();
  add(bot);
  return [...featuresOf(bot)].sort();
}

describe("what handlers let a bot support", () => {
  it("is the namespaces of the requests that it answers, however deep they are", () => {
    assert.deepEqual(
      of((bot) => {
        bot.on("iq:get:urn:a", () => undefined);
        bot.on(["iq:set:{urn:b}b", "iq:get:urn:c"], () => undefined);
        bot
          .boundary(() => undefined)
          .filter(() => true)
          .on("iq")
          .on("iq:get:urn:d", () => undefined);
        const further = new Composer();
        further.on("iq:get:urn:f");
        bot.branch("iq:get:urn:e", () => undefined, further);
        const way = new Composer();
        way.on("iq:set:urn:g");
        bot.route(() => "x", { x: new Composer().use(way) });
      }),
      ["urn:a", "urn:b", "urn:c", "urn:d", "urn:e", "urn:f", "urn:g"],
    );
  });

  it("is what filters look for in messages", () => {
    const pairs = {
      "message:correction": ["urn:xmpp:message-correct:0"],
      "message:reaction": ["urn:xmpp:reactions:0"],
      "message:reply": ["urn:xmpp:reply:0"],
      "message:retraction": ["urn:xmpp:message-retract:1"],
      "message:marker": ["urn:xmpp:chat-markers:0"],
      "message:file": ["jabber:x:oob", "urn:xmpp:sfs:0"],
      "message:invitation": ["jabber:x:conference"],
      "message:encrypted": ["urn:xmpp:eme:0"],
      "message:pubsub": [],
      "message:pubsub:urn:example:tune": ["urn:example:tune+notify"],
    } as const;
    for (const [filter, features] of Object.entries(pairs))
      assert.deepEqual(
        of((bot) => bot.on(filter as keyof typeof pairs)),
        features,
        filter,
      );
  });

  it("is that it has commands, which are in menus too", () => {
    assert.deepEqual(
      of((bot) => bot.command({ name: "go", summary: "goes", run: () => undefined })),
      ["http://jabber.org/protocol/commands", "jabber:x:data"],
    );
  });

  it("is nothing that anything may be behind", () => {
    assert.deepEqual(
      of((bot) => {
        bot.on("message:body", () => undefined);
        bot.hears("hello", () => undefined);
        bot.on("iq", () => undefined);
        bot.on("presence:available", () => undefined);
        bot.every("1h", { name: "hourly" }, () => undefined);
      }),
      [],
    );
  });
});
