import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { testbed } from "../../../src/testkit/index.ts";
import { buildCommandRequest, readCommandAnswer } from "../../../src/xep/index.ts";
import { menuBot, orders } from "./support.ts";

describe("the form of a command", () => {
  it("has a field of the right type for each argument, with its default, options, and what its value has to be", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order");
    assert.equal(step.status, "executing");
    assert.deepEqual(step.actions, ["complete"]);
    assert.equal(step.form?.title, "orders a pizza");
    assert.equal(step.form?.instructions, "It takes an hour.");
    assert.deepEqual(
      step.form?.fields.map((field) => [field.var, field.type, field.required, field.values]),
      [
        ["kind", "list-single", true, ["margherita"]],
        ["count", "text-single", false, ["1"]],
        ["to", "jid-single", false, []],
        ["extra", "list-multi", false, []],
        ["hot", "boolean", false, ["0"]],
        ["within", "text-single", false, ["1h"]],
        ["on", "text-single", false, []],
        ["wishes", "text-multi", false, []],
        ["coupon", "text-private", false, []],
      ],
    );
    assert.equal(step.field("kind").label, "which pizza");
    assert.deepEqual(
      step.field("kind").options.map(({ value }) => value),
      ["margherita", "funghi"],
    );
    assert.equal(step.field("on").description, "a date, such as tomorrow 9:00 or 2026-12-24");
    assert.deepEqual(step.field("count").validation, {
      datatype: "xs:integer",
      method: { kind: "range", min: "1", max: "9" },
      listRange: undefined,
    });
  });

  it("says that several values are required where none is not enough", async () => {
    const some = z.array(z.string()).min(2).max(5).describe("some");
    await using bed = await testbed(
      menuBot((bot) =>
        bot.command({
          name: "pick",
          summary: "picks",
          args: z.object({
            some,
            unique: some.transform((each) => [...new Set(each)]),
            any: z.array(z.string()).max(5),
            maybe: some.optional(),
            usual: z
              .array(z.enum(["red", "green"]))
              .nonempty()
              .default(["red"]),
          }),
          run: (_, args) => JSON.stringify(args),
        }),
      ),
    );
    const step = await bed.alice.runs("pick");
    assert.deepEqual(
      step.form?.fields.map((field) => [field.var, field.required]),
      [
        ["some", true],
        ["unique", true],
        ["any", false],
        ["maybe", false],
        ["usual", false],
      ],
    );
    const again = await step.next({ some: ["a"], unique: ["a", "b"] });
    assert.deepEqual(again.problems, ["some: has to be at least 2 values"]);
    assert.deepEqual((await again.next({ some: ["a", "b"], unique: ["a", "b"] })).notes, [
      '{"some":["a","b"],"unique":["a","b"],"any":[],"usual":["red"]}',
    ]);
  });

  it("has the first of what has to be chosen selected, as clients show it, and nothing where it need not be", async () => {
    await using bed = await testbed(
      menuBot((bot) =>
        bot.command({
          name: "pick",
          summary: "picks",
          args: z.object({ size: z.enum(["small", "large"]), sauce: z.enum(["red", "green"]).optional() }),
          run: (_, args) => JSON.stringify(args),
        }),
      ),
    );
    const step = await bed.alice.runs("pick");
    assert.deepEqual(step.field("size").values, ["small"]);
    assert.deepEqual(step.field("sauce").values, [""]);
    assert.deepEqual(
      step.field("sauce").options.map(({ value }) => value),
      ["", "red", "green"],
    );
    assert.deepEqual((await step.next({ size: "large", sauce: "" })).notes, ['{"size":"large"}']);
  });

  it("is in the language of the person", async () => {
    await using bed = await testbed(orders);
    const { alice } = bed;
    const request = buildCommandRequest({ node: "order" }).withAttrs({ "xml:lang": "de-AT" });
    const { payload } = await alice.asks(request, { type: "set" });
    assert.equal(payload?.attr("xml:lang"), "de");
    const { form } = readCommandAnswer(payload ?? assert.fail());
    assert.equal(form?.title, "bestellt eine Pizza");
    assert.equal(form?.instructions, "Es dauert eine Stunde.");
    assert.equal(form?.fields.find((field) => field.var === "count")?.label, "wie viele");
  });

  it("becomes the arguments, each as its schema has it", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order", {
      kind: "funghi",
      count: "3",
      to: "bob@example.com",
      extra: ["basil", "olives"],
      hot: "1",
      within: "90m",
      on: "2026-02-03",
      wishes: ["thin", "very thin"],
      coupon: "pssst",
      unknown: "is passed over",
    });
    assert.equal(step.status, "completed");
    assert.deepEqual(step.problems, []);
    const { on, ...order } = JSON.parse(step.notes[0] ?? "");
    assert.equal(new Date(on).getFullYear(), 2026);
    assert.deepEqual(order, {
      kind: "funghi",
      count: 3,
      to: "bob@example.com",
      extra: ["basil", "olives"],
      hot: true,
      within: 5_400_000,
      wishes: ["thin", "very thin"],
      coupon: "pssst",
    });
  });

  it("comes again where something is wrong with it, says what, and keeps what was filled in but secrets", async () => {
    await using bed = await testbed(orders);
    const { alice } = bed;
    const first = await alice.runs("order");
    const again = await first.next({ kind: "hawaii", count: "12", to: "@", within: "1s", coupon: "pssst" });
    assert.equal(again.status, "executing");
    assert.equal(again.answer.sessionId, first.answer.sessionId);
    assert.deepEqual(again.problems, [
      "which pizza: has to be margherita or funghi, not “hawaii”",
      "to: has to be an address, such as juliet@example.com, not “@”",
      "how many: has to be at most 9",
      "within: has to be at least 1m",
    ]);
    assert.equal(again.form?.instructions, again.problems.join("\n"));
    assert.deepEqual(again.field("count").values, ["12"]);
    assert.deepEqual(again.field("coupon").values, []);
    const done = await again.next({ kind: "funghi" });
    assert.equal(done.status, "completed");
    assert.equal(JSON.parse(done.notes[0] ?? "").count, 1);
  });

  it("with more values than anybody fills in is not read", async () => {
    await using bed = await testbed(orders);
    const wishes = Array.from({ length: 1_001 }, String);
    const again = await bed.alice.runs("order", { kind: "funghi", wishes });
    assert.deepEqual(again.problems, ["that is more than can be read as one command"]);
    assert.deepEqual(again.field("wishes").values, []);
    assert.equal((await again.next({ kind: "funghi", wishes: wishes.slice(2) })).status, "completed");
  });

  it("need not be asked for by who knows it", async () => {
    await using bed = await testbed(orders);
    const missing = await (await bed.alice.runs("order")).next({});
    assert.deepEqual(missing.problems, ["which pizza: is missing"]);
  });
});
