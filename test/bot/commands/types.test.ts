import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { z } from "zod";
import { command } from "../../../src/bot/commands/command.ts";
import { arg } from "../../../src/bot/commands/kinds.ts";
import type { Context, Dialog } from "../../../src/bot/index.ts";
import type { Jid } from "../../../src/stanza/index.ts";

// The compiler is the judge here: a line that should not compile carries @ts-expect-error, and fails where it does.
describe("the types of a command", () => {
  const args = z.object({
    in: arg.duration(),
    at: arg.date().optional(),
    who: arg.jid(),
    text: z.string(),
    tags: z.array(z.string()).default([]),
    size: z.enum(["small", "large"]),
    loud: z.boolean().default(false),
  });

  it("are inferred from the schema", () => {
    command({
      name: "x",
      summary: { en: "x", de: "x" },
      args,
      positional: ["in", "text"],
      rest: "text",
      run: (ctx, given, call) => {
        expectTypeOf(ctx).toEqualTypeOf<Context>();
        expectTypeOf(given).toEqualTypeOf<{
          in: number;
          at?: Date | undefined;
          who: Jid;
          text: string;
          tags: string[];
          size: "small" | "large";
          loud: boolean;
        }>();
        expectTypeOf(call.corrects).toEqualTypeOf<string | undefined>();
        return given.text;
      },
    });
    command({ name: "x", summary: "x", args, rest: "tags", run: async () => "later" });
    command({
      name: "x",
      summary: "x",
      args,
      dialog: async (d, given) => {
        expectTypeOf(d).toEqualTypeOf<Dialog>();
        expectTypeOf(given.at).toEqualTypeOf<Date | undefined>();
        return given.text;
      },
    });
    // @ts-expect-error a number is no text
    command({ name: "x", summary: "x", args, dialog: async (_, given) => given.in.trim() });
  });

  it("do not know a wrong name, or a wrong type", () => {
    const base = { name: "x", summary: "x", args } as const;
    const run = (): undefined => undefined;
    // @ts-expect-error no such argument
    const name = () => command({ ...base, positional: ["on"], run });
    // @ts-expect-error nor such a rest
    const rest = () => command({ ...base, rest: "on", run });
    // @ts-expect-error a number does not take the rest of a line
    const number = () => command({ ...base, rest: "in", run });
    // @ts-expect-error a number is no text
    const text = () => command({ ...base, run: (_, given) => given.in.trim() });
    // @ts-expect-error nothing of the kind was asked for
    const more = () => command({ ...base, run: (_, { more }) => more });
    // @ts-expect-error there are no arguments at all
    const none = () => command({ name: "x", summary: "x", run: (_, given) => given.text.trim() });
    // @ts-expect-error a number is no reply
    const reply = () => command({ ...base, run: (_, given) => given.in });
    // @ts-expect-error no such place
    const where = () => command({ ...base, where: "room", run });
    // @ts-expect-error it runs, or it begins a dialog
    const both = () => command({ ...base, run, dialog: async () => undefined });
    // @ts-expect-error one of them
    const neither = () => command({ ...base });
    void [both, neither];
    void [name, rest, number, text, more, none, reply, where];
  });
});
