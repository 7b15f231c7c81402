import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { packArgs, unpackArgs } from "../../../src/bot/dialog/kept-args.ts";
import { arg, Command, type Composer, type Context, command, type Plugin } from "../../../src/bot/index.ts";
import { Jid } from "../../../src/stanza/index.ts";
import type { JsonValue } from "../../../src/store/index.ts";
import { Talk } from "./support.ts";

const order = command({
  name: "order",
  aliases: ["o"],
  summary: "orders a pizza",
  args: z.object({
    what: z.enum(["pizza", "pasta"]),
    at: arg.date({ zone: "UTC" }).optional(),
    to: arg.jid().optional(),
  }),
  positional: ["what"],
  dialog: async (d, { what, at, to }) => {
    const size = await d.choose("Which size?", ["small", "large"]);
    return `One ${size} ${what} at ${at?.toISOString()} to ${to?.bare}.`;
  },
});
const routes = (bot: Composer<Context>): unknown => bot.command(order);

describe("a command that begins a dialog", () => {
  it("asks, and has its arguments through a restart", async () => {
    const talk = new Talk(routes);
    assert.equal(
      await talk.say("order pizza --at=2026-12-24T18:00Z --to romeo@example.com"),
      "Which size?\n1. small\n2. large",
    );
    const later = new Talk(routes, { store: talk.store });
    assert.equal(await later.say("2"), "One large pizza at 2026-12-24T18:00:00.000Z to romeo@example.com.");
    assert.match(await later.say("order soup"), /has to be pizza or pasta/);
  });

  it("is the same command in several bots, each with a dialog of its own", async () => {
    const [one, other] = [new Talk(routes), new Talk(routes)];
    await one.say("order pizza");
    assert.match(await other.say("2"), /I do not know/);
    assert.match(await one.say("2"), /large pizza/);
  });

  it("knows what plugins add", async () => {
    const plugin: Plugin<{ readonly price: number }> = { add: () => ({ price: 7 }) };
    const talk = new Talk((bot) =>
      bot.extend(plugin).command({
        name: "buy",
        summary: "buys",
        dialog: async (d) => ((await d.confirm(`For ${d.ctx.price}?`)) ? "bought" : "not bought"),
      }),
    );
    assert.equal(await talk.say("buy"), "For 7? (yes or no)");
    assert.equal(await talk.say("yes"), "bought");
  });

  it("is of use only where a composer has it, and does one thing", () => {
    assert.throws(
      () => order.run({} as Context, {}, { name: "order", corrects: undefined }),
      /bot\.command\(\) has to know it/,
    );
    assert.throws(
      () => new Command({ name: "x", summary: "x" } as never),
      /neither run nor dialog; give one/,
    );
  });
});

describe("arguments that are kept", () => {
  it("are the same again", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.boolean(),
        fc.integer(),
        fc.constant(null),
        fc.date({ noInvalidDate: true }),
        fc.constant(Jid.parse("a@b.example/c")),
        fc.array(tie("value")),
        fc.dictionary(fc.oneof(fc.constantFrom("@date", "@jid", "@object", "@"), fc.string()), tie("value"), {
          noNullPrototype: true,
        }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (args) => {
        const kept = JSON.parse(JSON.stringify(packArgs(args))) as JsonValue;
        assert.deepEqual(unpackArgs(kept), args);
      }),
    );
  });
});
