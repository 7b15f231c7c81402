import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import {
  type Bot,
  type Composer,
  type Context,
  defineBot,
  type ProfileDefinition,
} from "../../src/bot/index.ts";
import { Dispatcher, Mount } from "../../src/dispatch/index.ts";
import { BotHost } from "../../src/server/bot-host.ts";
import { services } from "../../src/services/index.ts";
import { Jid, type Presence, presence } from "../../src/stanza/index.ts";
import { readCaps, readVCardUpdate } from "../../src/xep/index.ts";
import { chat, RecordingSender, stanza, turns } from "../dispatch/support.ts";

function version(routes: (bot: Composer<Context>) => unknown, profile: ProfileDefinition = {}): Bot {
  return defineBot({ name: "echo", summary: "is shown", profile, routes: (bot) => void routes(bot) }) as Bot;
}

function world(profiles?: Record<string, ProfileDefinition>) {
  const sender = new RecordingSender();
  const mount = new Mount("bots.example");
  const log = pino({ level: "silent" });
  const host = new BotHost({ mount, sender, roomSender: sender, log, host: undefined, rooms: {}, profiles });
  const dispatcher = new Dispatcher({ mounts: [mount], fallback: services() });
  const identity = () => mount.get("echo")?.identity ?? assert.fail("there is no bot");
  return { sender, mount, host, dispatcher, identity };
}

describe("what a bot is to the network", () => {
  it("is made of its handlers and its profile, and of those of its next version", async () => {
    const { host, identity } = world();
    await host.put(
      version((bot) => bot.on("iq:get:urn:a", () => undefined)),
      {},
    );
    const first = identity();
    const { ver } = first.caps;
    assert.ok(first.info.features.has("urn:a"));
    assert.ok(first.info.features.has("vcard-temp"), "what the services answer");
    await host.put(
      version((bot) => bot.on("iq:get:urn:b", () => undefined), { nick: "Echo" }),
      {},
    );
    assert.equal(identity(), first, "the same for all versions");
    assert.deepEqual([first.info.features.has("urn:a"), first.info.features.has("urn:b")], [false, true]);
    assert.equal(first.profile.nick, "Echo");
    assert.notEqual(first.caps.ver, ver);
  });

  it("is what the operator has it show", async () => {
    const { host, identity } = world({ echo: { nick: "Operator's", avatar: false } });
    await host.put(
      version(() => undefined, { nick: "Own", url: "https://example.org/" }),
      {},
    );
    const { nick, avatar, url } = identity().profile;
    assert.deepEqual([nick, avatar, url], ["Operator's", undefined, "https://example.org/"]);
  });

  it("is what it was where the next version cannot be shown", async () => {
    const { host, identity } = world();
    await host.put(
      version(() => undefined, { nick: "First" }),
      {},
    );
    await assert.rejects(
      host.put(
        version(() => undefined, { nick: "Second", avatar: "/nowhere.png" }),
        {},
      ),
      /nowhere\.png cannot be read/,
    );
    assert.equal(identity().profile.nick, "First");
  });

  it("is told to the rooms that it is in when its next version is something else, and only then", async () => {
    const { host, mount, dispatcher, sender, identity } = world();
    const first = version((bot) => bot.on("iq:get:urn:a", () => undefined));
    await host.put(first, {});
    await mount.get("echo")?.rooms.join(Jid.parse("lobby@rooms.example"), "Echo");
    await mount.get("echo")?.rooms.join(Jid.parse("closed@rooms.example"), "Echo");
    await dispatcher.dispatch(
      stanza(
        "<presence from='lobby@rooms.example/Echo' to='echo@bots.example'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'/><status code='110'/></x></presence>",
      ),
    );
    sender.sent.length = 0;
    await host.put(first, {});
    await turns();
    assert.equal(sender.sent.length, 0);
    await host.put(
      version((bot) => bot.on("iq:get:urn:b", () => undefined)),
      {},
    );
    await turns();
    assert.deepEqual(
      sender.sent.map((each) => [String(each.to), readCaps(each as Presence)?.ver]),
      [["lobby@rooms.example/Echo", identity().caps.ver]],
    );
  });

  it("is in whatever presence it sends, also in a room", async () => {
    const { host, mount, dispatcher, sender, identity } = world();
    await host.put(
      version((bot) =>
        bot.hears("show yourself", async (ctx) => {
          await ctx.send(ctx.from, presence({ show: "chat" }));
        }),
      ),
      {},
    );
    await dispatcher.dispatch(chat("show yourself"));
    await dispatcher.idle();
    await mount.get("echo")?.rooms.join(Jid.parse("lobby@rooms.example"), "Echo");
    const shown = sender.sent.filter((stanza): stanza is Presence => stanza.kind === "presence");
    assert.deepEqual(
      shown.map((each) => [each.to?.toString(), readCaps(each)?.ver, readVCardUpdate(each)?.photo]),
      ["juliet@example.com/balcony", "lobby@rooms.example/Echo"].map((to) => [
        to,
        identity().caps.ver,
        identity().profile.avatar?.id,
      ]),
    );
  });
});
