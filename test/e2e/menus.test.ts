import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { type Element, type Iq, readStanza, writeXml } from "../../src/stanza/index.ts";
import {
  buildCommandRequest,
  buildSubmit,
  type CommandAnswer,
  readCommandAnswer,
} from "../../src/xep/index.ts";
import { connect, onBothServers } from "../prosody/support.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld } from "./world.ts";

const { bots, json, people } = DOMAINS;

/** Takes orders from menus. */
const waiter = defineBot({
  name: "waiter",
  summary: "takes orders",
  routes(bot) {
    bot.command({
      name: "order",
      summary: "orders a pizza",
      args: z.object({
        kind: z.enum(["margherita", "funghi"]).describe("which pizza"),
        count: z.int().min(1).max(9).default(1),
        hot: z.boolean().default(false),
      }),
      positional: ["kind"],
      run: (_, { kind, count, hot }) => `${count} ${hot ? "hot " : ""}${kind}`,
    });
    const booking = bot.dialog("book", async (d) => {
      const city = await d.ask("Which city?");
      await d.say(`Nice, ${city}.`);
      const time = await d.choose("When?", { early: "At six", late: "At nine" });
      return `A table in ${city}, ${time}.`;
    });
    bot.command({ name: "book", summary: "books a table", run: (ctx) => booking.start(ctx) });
    const drink = bot.choice("drink", (_, { choice }) => `One ${choice}.`);
    bot.hears("thirsty", (ctx) => drink.ask(ctx, "What would you like?", { tea: "Tea", milk: "Milk" }));
    bot.command({ name: "vault", summary: "is for admins", access: "admin", run: () => "It is open." });
    bot.command({
      name: "later",
      summary: "says more in a message",
      run: async (ctx) => {
        await ctx.send(ctx.from, "By the way.");
        return "Look at your messages.";
      },
    });
  },
}) as Bot;

const expected: readonly Seen[] = [
  { step: "menu", feature: true, node: true, order: "order: orders a pizza", secret: false },
  { step: "command", identity: [["automation", "command-node"]] },
  {
    step: "form",
    title: "orders a pizza",
    status: "executing",
    actions: ["complete"],
    notes: [],
    options: [
      ["margherita", "margherita"],
      ["funghi", "funghi"],
    ],
    fields: {
      kind: ["list-single", true, "margherita"],
      count: ["text-single", false, "1"],
      hot: ["boolean", false, false],
    },
  },
  {
    step: "bad field",
    status: "executing",
    actions: ["complete"],
    notes: [
      ["error", "which pizza: has to be margherita or funghi, not “hawaii”"],
      ["error", "count: has to be at most 9"],
    ],
    fields: {
      kind: ["list-single", true, "hawaii"],
      count: ["text-single", false, "12"],
      hot: ["boolean", false, true],
    },
  },
  { step: "ordered", status: "completed", notes: [["info", "2 hot funghi"]] },
  {
    step: "first",
    status: "executing",
    actions: ["next"],
    notes: [],
    fields: { answer: ["text-single", true, null] },
  },
  {
    step: "second",
    status: "executing",
    actions: ["next", "prev"],
    notes: [],
    fields: { answer: ["list-single", true, "early"] },
  },
  {
    step: "back",
    status: "executing",
    actions: ["next"],
    notes: [],
    fields: { answer: ["text-single", true, "Verona"] },
  },
  { step: "booked", status: "completed", notes: [["info", "A table in Padua, late."]] },
  { step: "canceled", status: "canceled" },
  { step: "expired", type: "cancel", condition: "not-allowed", own: ["session-expired"] },
  { step: "made up", type: "modify", condition: "bad-request", own: ["bad-sessionid"] },
  { step: "forbidden", type: "cancel", condition: "forbidden", own: [] },
  { step: "unknown", type: "cancel", condition: "item-not-found", own: [] },
  { step: "later", notes: [["info", "Look at your messages."]], body: "By the way." },
  { step: "buttons", body: "What would you like?\n1. Tea\n2. Milk", values: ["Tea", "Milk"] },
  { step: "pressed", body: "One milk." },
  { step: "reacted", body: "One tea." },
  { step: "host", listed: true, status: "completed" },
];

onBothServers("slixmpp, with its own plugins as judges of menus", (suite) => {
  test("lists a bot's commands, fills in their forms, goes through stages, and is refused by the right errors", async () => {
    await using world = await startWorld(suite, [waiter]);
    const script = new URL("./menus.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    for (const domain of [bots, json])
      assert.deepEqual(
        await runSlixmpp(script, [`alice@${people}`, PASSWORD, port, domain]),
        expected,
        `at ${domain}`,
      );
  });

  test("a form is filled in after a restart of restanza", async () => {
    await using world = await startWorld(suite, [waiter]);
    const alice = await connect(world.prosody, `alice@${people}`, PASSWORD);
    const step = async (id: string, request: Element): Promise<CommandAnswer> => {
      await alice.write(`<iq type='set' to='waiter@${bots}' id='${id}'>${writeXml(request)}</iq>`);
      const answer = await alice.waitFor(({ name, attrs }) => name === "iq" && attrs["id"] === id, id);
      const { payload } = readStanza(String(answer)) as Iq;
      return readCommandAnswer(payload ?? assert.fail(String(answer)));
    };
    const { sessionId } = await step("form", buildCommandRequest({ node: "order" }));
    await world.restartServer();
    const form = buildSubmit({ kind: "funghi" });
    const end = await step("filled in", buildCommandRequest({ node: "order", sessionId, form }));
    assert.deepEqual(end.notes, [{ type: "info", text: "1 funghi" }]);
    await alice.stop();
  });
});
