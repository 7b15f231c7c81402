import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type Composer,
  type Context,
  type Filter,
  Occupants,
  Permissions,
  session,
} from "../../src/bot/index.ts";
import { services } from "../../src/services/index.ts";
import { type Element, el, Jid, type Stanza, StanzaShapeError, toStanza } from "../../src/stanza/index.ts";
import { type World, world } from "../dispatch/support.ts";
import { allGoldens } from "../xep/all-goldens.ts";

const SEED = process.env["RESTANZA_SEED"];
const ROOM = Jid.parse("lobby@rooms.example.com");
const BOT = "echo@bots.example.com";

/** Payloads as the extensions' own examples have them, and whole stanzas. */
const EXAMPLES = (await allGoldens()).flatMap(({ pairs }) => pairs.map(({ root }) => root));
const STANZAS = new Set(["message", "presence", "iq"]);
const PAYLOADS = EXAMPLES.flatMap((root) => (STANZAS.has(root.name) ? root.elements : [root]));

/** What an attacker writes in the place of anything. */
const NASTY = [
  "",
  " ",
  "0",
  "-1",
  "1e9",
  "999999999",
  "99999999999999999999",
  "NaN",
  "__proto__",
  "constructor",
  "@",
  "a@",
  "/x",
  BOT,
  `${ROOM}`,
  `${ROOM}/Echo`,
  "admin@example.com/x",
  "xmpp:%F0%9F@x",
  "https://[",
  "\u202e\u200b",
  "😀".repeat(300),
  "x".repeat(3_000),
  "110",
  "303",
  "2026-02-30T99:99:99Z",
  "help",
  "!help",
  "cancel",
];

/** One of the filters, each of which reads something. */
const FILTERS = [
  "message",
  "message:body",
  "message:subject",
  "message:thread",
  "message:correction",
  "message:reaction",
  "message:reply",
  "message:retraction",
  "message:receipt",
  "message:marker",
  "message:chat-state",
  "message:file",
  "message:invitation",
  "message:decline",
  "message:voice-request",
  "message:encrypted",
  "message:delayed",
  "message:pubsub",
  "message:mention",
  "message:direct",
  "message:private",
  "message:groupchat",
  "message:headline",
  "message:history",
  "message:error",
  "presence:available",
  "presence:error",
  "presence:occupant",
  "presence:joined",
  "presence:changed",
  "presence:left",
  "presence:renamed",
  "presence:kicked",
  "presence:out",
  "presence:refused",
  "presence:self",
  "iq:get",
  "iq:set",
] as const satisfies readonly Filter[];

function routes(bot: Composer<Context>): void {
  const own = bot.extend(session({ initial: () => ({ count: 0 }) }));
  for (const filter of FILTERS)
    own.on(filter as "message", async (ctx, next) => {
      (await ctx.session).count += 1;
      // Whatever was read can be looked at.
      Object.values(ctx).forEach(String);
      return await next();
    });
  const order = bot.dialog("order", async (d) => {
    const kind = await d.choose("Which?", ["tea", "milk"]);
    const sure = await d.confirm(`${kind}?`);
    return sure ? `Here: ${kind}` : "Never mind";
  });
  bot.command({ name: "order", summary: "asks", run: (ctx) => order.start(ctx) });
}

async function begin(): Promise<World> {
  const at = world({ echo: routes }, { domain: "bots.example.com", fallback: services() });
  const bot = at.bot("echo");
  at.mount.put({ ...bot, occupants: new Occupants(), permissions: new Permissions() });
  await bot.rooms.join(ROOM, "Echo");
  return at;
}

const nasty = fc.constantFrom(...NASTY);

/** Changes an element here and there: attributes and texts are lost, or become something else, and children come again. */
function mutated(root: Element, changes: readonly number[], words: readonly string[]): Element {
  let step = 0;
  const change = (): number => changes[step++ % changes.length] ?? 0;
  const word = (): string => words[step % words.length] ?? "";
  const mutate = (element: Element): Element => {
    const attrs: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(element.attrs)) {
      const what = change() % 8;
      if (name === "xmlns" || name.includes(":")) continue;
      if (what === 0) attrs[name] = undefined;
      else if (what === 1) attrs[name] = word();
      else attrs[name] = value;
    }
    const children = element.children.flatMap((child): readonly (string | Element)[] => {
      const what = change() % 10;
      if (typeof child === "string") return what === 0 ? [] : what === 1 ? [word()] : [child];
      if (what === 0) return [];
      const made = mutate(child);
      return what === 1 ? [made, made, made] : [made];
    });
    return element.withAttrs(attrs).withChildren(...children);
  };
  return mutate(root);
}

const stanzas = fc
  .record({
    payloads: fc.array(
      fc.tuple(
        fc.constantFrom(...PAYLOADS),
        fc.array(fc.nat(99), { minLength: 1, maxLength: 12 }),
        fc.array(nasty, { minLength: 1, maxLength: 4 }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    head: fc.constantFrom(
      ["message", "chat"],
      ["message", "normal"],
      ["message", "groupchat"],
      ["message", "headline"],
      ["message", "error"],
      ["presence", undefined],
      ["presence", "unavailable"],
      ["presence", "subscribe"],
      ["presence", "subscribed"],
      ["presence", "probe"],
      ["presence", "error"],
      ["iq", "get"],
      ["iq", "set"],
    ),
    from: fc.constantFrom(
      "juliet@example.com/balcony",
      "juliet@example.com",
      "example.com",
      `${ROOM}`,
      `${ROOM}/Echo`,
      `${ROOM}/juliet`,
      `${ROOM}/order`,
    ),
    to: fc.constantFrom(BOT, `${BOT}/x`),
    body: fc.option(fc.oneof(nasty, fc.constantFrom("order", "!order", "1", "yes", "Echo: order"))),
  })
  .map(({ payloads, head: [name = "", type], from, to, body }): Stanza | undefined => {
    const all = payloads.map(([root, changes, words]) => mutated(root, changes, words));
    const inside = name === "iq" ? all.slice(0, 1) : all;
    const said = name === "message" && body !== null ? [el("body", {}, body)] : [];
    try {
      return toStanza(el(name, { xmlns: "jabber:client", id: "x", type, from, to }, ...said, ...inside));
    } catch (error) {
      if (error instanceof StanzaShapeError) return undefined;
      throw error;
    }
  });

describe("what the extensions' own examples become in the hands of strangers", () => {
  it("is answered, refused or passed over, and never makes a handler fail", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stanzas, { minLength: 1, maxLength: 6 }), async (all) => {
        const at = await begin();
        for (const stanza of all) {
          if (stanza === undefined) continue;
          const outcome = await at.dispatcher.dispatch(stanza);
          const failed = at.log.find(({ level }) => level >= 50);
          assert.ok(
            outcome.kind !== "crash" && outcome.kind !== "timeout" && failed === undefined,
            JSON.stringify([outcome.kind, failed]),
          );
          if (outcome.kind === "reply") assert.notEqual(stanza.type, "error", "an error is never answered");
          if (outcome.kind === "error") assert.ok(stanza.type !== "error" && stanza.type !== "groupchat");
        }
        await at.dispatcher.idle();
      }),
      {
        numRuns: Number(process.env["MUTATION_RUNS"] ?? 300),
        ...(SEED !== undefined && { seed: Number(SEED) }),
      },
    );
  });
});
