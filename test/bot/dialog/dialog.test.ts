import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import type { Dialog } from "../../../src/bot/index.ts";
import { APOLOGY } from "../../../src/dispatch/index.ts";
import { readCorrection } from "../../../src/xep/index.ts";
import { ERROR, stanza } from "../../dispatch/support.ts";
import { leads, message, Stage } from "./support.ts";

const pizza = leads(async (d) => {
  await d.say("Hello!");
  const city = await d.ask("Which city?");
  await d.say(`Nice, ${city}.`);
  const size = await d.choose("Which size?", ["small", "large"]);
  return `One ${size} pizza to ${city}.`;
});

const CANCELLED = "All right, I have stopped.";
const CHANGED = "Sorry, I have been changed in the meantime, so we would have to begin again.";
const FAILED = "Sorry, something went wrong here. Please answer again, or say “cancel”.";
const STUCK = "Sorry, something went wrong here. Say anything to have me try again, or “cancel”.";
const GIVEN_UP = "Sorry, this keeps going wrong, so I have stopped. Please try again later.";

describe("a dialog", () => {
  for (const restarts of [false, true]) {
    it(`asks one thing after another, and says nothing twice${restarts ? ", with a restart at every step" : ""}`, async () => {
      const stage = new Stage(pizza);
      const talk: string[][] = [];
      for (const said of ["go", "Verona", "LARGE", "go on"]) {
        talk.push(await stage.says(said));
        if (restarts) stage.restart();
      }
      assert.deepEqual(talk, [
        ["Hello!", "Which city?"],
        ["Nice, Verona.", "Which size?\n1. small\n2. large"],
        ["One large pizza to Verona."],
        ["echo go on"],
      ]);
      assert.deepEqual(await stage.kept(), []);
    });
  }

  it("is each person's own, and in a room each occupant's", async () => {
    const stage = new Stage(pizza);
    const inRoom = (nick: string, body: string) =>
      message(body, `room@rooms.example/${nick}`, "type='groupchat'");
    await stage.says("go");
    assert.deepEqual(await stage.says(message("hi", "romeo@example.com/x")), ["echo hi"]);
    await stage.says(inRoom("juliet", "go"));
    assert.deepEqual(await stage.says(inRoom("nurse", "hi")), ["echo hi"]);
    await stage.says(inRoom("nurse", "go"));
    assert.equal((await stage.kept()).length, 3);
    const toRoom = await stage.hears(inRoom("juliet", "Padua"));
    assert.deepEqual(
      toRoom.map((each) => [String(each.to), each.kind === "message" && each.type]),
      [
        ["room@rooms.example", "groupchat"],
        ["room@rooms.example", "groupchat"],
      ],
    );
    assert.deepEqual(await stage.says(inRoom("nurse", "echo: Mantua")), [
      "Nice, Mantua.",
      "Which size?\n1. small\n2. large",
    ]);
    assert.deepEqual(await stage.says("Verona"), ["Nice, Verona.", "Which size?\n1. small\n2. large"]);
  });

  it("takes the answer out of a reply that quotes the question", async () => {
    const stage = new Stage(pizza);
    await stage.says("go");
    const quote = "&gt; Which city?\n";
    const fallback = `<reply xmlns='urn:xmpp:reply:0' id='q'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='14'/></fallback>`;
    const [nice] = await stage.says(message(`${quote}Verona`, undefined, undefined, fallback));
    assert.equal(nice, "Nice, Verona.");
  });

  it("takes no typing, no presence and no command for an answer, and still waits", async () => {
    const stage = new Stage(pizza);
    await stage.says("go");
    const typing =
      "<message type='chat' from='juliet@example.com/b' to='echo@bots.example'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>";
    assert.deepEqual(await stage.says(stanza(typing)), []);
    assert.deepEqual(await stage.says("!help"), ["no help"]);
    assert.equal((await stage.says("Verona"))[0], "Nice, Verona.");
  });

  describe("whose answer is corrected", () => {
    const sent = (id: string, body: string, corrects?: string) =>
      message(
        body,
        undefined,
        `type='chat' id='${id}'`,
        corrects === undefined ? "" : `<replace xmlns='urn:xmpp:message-correct:0' id='${corrects}'/>`,
      );
    const SIZES = "Which size?\n1. small\n2. large";

    it("goes back to it, however far that is and however often", async () => {
      const stage = new Stage(pizza);
      await stage.says("go");
      await stage.says(sent("a", "Vrona"));
      assert.deepEqual(await stage.says(sent("b", "Veronna", "a")), ["Nice, Veronna.", SIZES]);
      assert.deepEqual(await stage.says(sent("c", "Verona", "a")), ["Nice, Verona.", SIZES]);
      assert.deepEqual(await stage.says(sent("d", "x")), [SIZES]);
      assert.deepEqual(await stage.says(sent("e", "2", "d")), ["One large pizza to Verona."]);
    });

    it("begins anew where what is corrected has started it", async () => {
      const stage = new Stage((bot) => {
        const order = bot.dialog<{ what: string }>("order", async (d, { what }) => {
          const city = await d.ask(`Where shall the ${what} go?`);
          await d.ask("When?");
          await d.step("book", () => undefined);
          return `${what} for ${city} ${await d.ask("Sure?")}`;
        });
        bot.hears(/^order (\w+)$/, (ctx) => order.start(ctx, { what: ctx.match[1] ?? "" }));
        bot.hears("other", () => "other");
      });
      assert.deepEqual(await stage.says(sent("a", "order pizzo")), ["Where shall the pizzo go?"]);
      assert.deepEqual(await stage.says(sent("b", "order pizza", "a")), ["Where shall the pizza go?"]);
      assert.deepEqual(await stage.says(sent("c", "Verona")), ["When?"]);
      assert.deepEqual(await stage.says(sent("d", "order pasta", "a")), ["Where shall the pasta go?"]);
      assert.deepEqual(await stage.says(sent("e", "Mantua")), ["When?"]);
      assert.deepEqual(await stage.says("now"), ["Sure?"]);
      assert.deepEqual(await stage.says(sent("f", "order soup", "a")), [
        "I have begun with that already, so I cannot change it any more.",
      ]);
      assert.deepEqual(await stage.says("yes"), ["pasta for Mantua yes"]);
      await stage.says(sent("g", "order pizza"));
      assert.deepEqual(await stage.says(sent("h", "other", "g")), ["other"]);
      assert.deepEqual(await stage.kept(), []);
      await stage.says(sent("i", "order pizza"));
      assert.deepEqual(await stage.says(sent("j", "cancel", "i")), ["All right, I have stopped."]);
    });

    it("begins anew with what a command is given, and asks in the place of the first question", async () => {
      const stage = new Stage((bot) => {
        bot.command({
          name: "order",
          summary: "orders",
          args: z.object({ what: z.string() }),
          positional: ["what"],
          dialog: async (d, { what }) => `${what} for ${await d.ask(`Where shall the ${what} go?`)}`,
        });
      });
      const [first] = await stage.hears(sent("a", "order pizzo"));
      const [again] = await stage.hears(sent("b", "!order pizza", "a"));
      assert.ok(first?.kind === "message" && again?.kind === "message");
      assert.equal(again.body, "Where shall the pizza go?");
      assert.equal(readCorrection(again), first.id);
      assert.deepEqual(await stage.says("Verona"), ["pizza for Verona"]);
    });

    it("says so where that is too late, and still waits", async () => {
      const stage = new Stage(
        leads(async (d) => {
          const city = await d.ask("Which city?");
          await d.step("book", () => undefined);
          return `${city} ${await d.ask("And?")}`;
        }),
      );
      await stage.says("go");
      await stage.says(sent("a", "Vrona"));
      assert.deepEqual(await stage.says(sent("b", "Verona", "a")), [
        "I have gone on with your first answer already, so I cannot change it any more.",
      ]);
      assert.deepEqual(await stage.says("tea"), ["Vrona tea"]);
    });
  });

  it("ends when it is told to, in many a language and whatever it waits for", async () => {
    for (const word of ["cancel", "Stop!", "ABBRECHEN", "!cancel", "annuler", "отмена"]) {
      const stage = new Stage(pizza);
      await stage.says("go");
      assert.deepEqual(await stage.says(word), [CANCELLED]);
      assert.deepEqual(await stage.kept(), []);
      assert.deepEqual(await stage.says("Verona"), ["echo Verona"]);
      await stage.says("go");
      await stage.says("Verona");
      assert.deepEqual(await stage.says(word), [CANCELLED]);
    }
    const choosing = new Stage(leads(async (d) => await d.choose("What shall I do?", ["go on", "stop"])));
    await choosing.says("go");
    assert.deepEqual(await choosing.says("stop"), ["stop"], "where it is one of the choices, it is that one");
    await choosing.says("go");
    assert.deepEqual(await choosing.says("cancel"), [CANCELLED]);
  });

  it("ends when nobody has answered in time, and the late message is one of its own", async () => {
    const stage = new Stage(leads(async (d) => await d.ask("Quick?", { timeout: 1_000 })));
    await stage.says("go");
    stage.now += 999;
    assert.deepEqual(await stage.says("yes"), ["yes"]);
    await stage.says("go");
    stage.now += 1_000;
    assert.deepEqual(await stage.says("yes"), [
      "You did not answer my question in time, so I have stopped waiting for it.",
      "echo yes",
    ]);
    await stage.says("go");
    stage.now += 1_000 + 7 * 24 * 60 * 60 * 1_000;
    assert.deepEqual(await stage.says("yes"), ["echo yes"], "after a week it is forgotten");
    const usual = new Stage(pizza);
    await usual.says("go");
    usual.now += 24 * 60 * 60 * 1_000 - 1;
    assert.equal((await usual.says("Verona"))[0], "Nice, Verona.");
  });

  it("speaks the language of the person", async () => {
    const stage = new Stage(
      leads(async (d) => {
        const size = await d.choose(
          { en: "Which size?", de: "Welche Größe?" },
          {
            small: { en: "small", de: "klein" },
            large: { en: "large", de: "groß" },
          },
        );
        return `${await d.confirm("OK?")} ${size}`;
      }),
    );
    const german = (body: string) => message(body, undefined, "type='chat' xml:lang='de-AT'");
    assert.deepEqual(await stage.says(german("go")), ["Welche Größe?\n1. klein\n2. groß"]);
    assert.deepEqual(await stage.says(german("Groß")), ["OK? (ja oder nein)"]);
    assert.deepEqual(await stage.says(german("abbrechen")), ["In Ordnung, ich habe aufgehört."]);
  });

  describe("that asks", () => {
    it("takes what fits its schema, and says what is wrong with anything else", async () => {
      const stage = new Stage(
        leads(async (d) => {
          const count = await d.ask("How many?", {
            schema: z.coerce.number().int("Whole ones, please.").max(9),
          });
          const name = await d.ask("Whose?", { schema: z.string().min(2), retry: "A real name, please." });
          return `${count + 1} for ${name}`;
        }),
      );
      assert.deepEqual(await stage.says("go"), ["How many?"]);
      assert.deepEqual(await stage.says("1.5"), ["Whole ones, please.\nHow many?"]);
      assert.deepEqual(await stage.says("2"), ["Whose?"]);
      assert.deepEqual(await stage.says("x"), ["A real name, please."]);
      stage.restart();
      assert.deepEqual(await stage.says("Juliet"), ["3 for Juliet"]);
    });

    it("shows choices that a number, a word or a reaction chooses", async () => {
      const route = leads(async (d) => await d.choose("Which?", ["Red", "green tea", "Blue"]));
      for (const [said, chosen] of [
        ["2", "green tea"],
        ["#3", "Blue"],
        ["1)", "Red"],
        ["1️⃣", "Red"],
        [" GREEN tea. ", "green tea"],
      ] as const) {
        const stage = new Stage(route);
        await stage.says("go");
        assert.deepEqual(await stage.says(said), [chosen]);
      }
      const stage = new Stage(route);
      const [question] = await stage.hears("go");
      for (const wrong of ["4", "0", "purple"])
        assert.deepEqual(await stage.says(wrong), ["Which?\n1. Red\n2. green tea\n3. Blue"]);
      const again = await stage.hears("what?");
      const react = (id: string | undefined, emoji: string) =>
        stanza(
          `<message type='chat' from='juliet@example.com/b' to='echo@bots.example'><reactions xmlns='urn:xmpp:reactions:0' id='${id}'><reaction>${emoji}</reaction></reactions></message>`,
        );
      assert.deepEqual(await stage.says(react(question?.id, "2️⃣")), [], "to a question asked again since");
      assert.deepEqual(await stage.says(react(again[0]?.id, "2️⃣")), ["green tea"]);
    });

    it("does not number choices that are numbers", async () => {
      const stage = new Stage(leads(async (d) => await d.choose("How many?", ["2", "1"])));
      assert.deepEqual(await stage.says("go"), ["How many?\n• 2\n• 1"]);
      assert.deepEqual(await stage.says("1"), ["1"]);
    });

    it("takes yes and no for what they are", async () => {
      const stage = new Stage(leads(async (d) => ((await d.confirm("Sure?")) ? "done" : "left")));
      for (const [said, reply] of [
        ["Yes!", "done"],
        ["ok", "done"],
        ["👍", "done"],
        ["No.", "left"],
        ["nein", "left"],
        ["maybe", "Sure? (yes or no)"],
      ] as const) {
        await stage.says("go");
        assert.deepEqual(await stage.says(said), [reply]);
      }
    });

    it("has something to choose from, each once", async () => {
      for (const choices of [[], ["a", "A"]]) {
        const stage = new Stage(leads(async (d) => await d.choose("Which?", choices)));
        assert.deepEqual(await stage.says("go"), [], "the callback tells of the failure");
        assert.equal(stage.at.log.at(-1)?.err?.type, "TypeError");
      }
    });
  });

  describe("that does things", () => {
    it("does each once, and has the same results, times and chances each time", async () => {
      const done: string[] = [];
      const seen: unknown[] = [];
      const stage = new Stage(
        leads(async (d) => {
          const booked = await d.step("book", async () => {
            done.push("book");
            return { number: done.length };
          });
          await d.step("note", () => void done.push("note"));
          const now = d.now();
          seen.push([booked, now, d.random()]);
          await d.ask("One?");
          await d.ask("Two?");
        }),
      );
      await stage.says("go");
      stage.now += 5;
      await stage.says("1");
      stage.restart();
      await stage.says("2");
      assert.deepEqual(done, ["book", "note"]);
      assert.equal(seen.length, 3);
      assert.deepEqual(seen[0], seen[1]);
      assert.deepEqual(seen[1], seen[2]);
      assert.deepEqual((seen[0] as unknown[]).slice(0, 2), [{ number: 1 }, 1_000_000]);
    });

    it("remembers what a step has thrown and the function has caught", async () => {
      let tries = 0;
      const stage = new Stage(
        leads(async (d) => {
          const outcome = await d
            .step("book", () => {
              tries += 1;
              throw new RangeError("sold out");
            })
            .catch((error: Error) => error.message);
          return `${outcome}, ${await d.ask("And now?")}`;
        }),
      );
      await stage.says("go");
      assert.deepEqual(await stage.says("tea"), ["sold out, tea"]);
      assert.equal(tries, 1);
    });

    it("keeps of a step what JSON can", async () => {
      const stage = new Stage(leads(async (d) => void (await d.step("book", () => new Map()))));
      await stage.says("go");
      assert.match(stage.at.log.at(-1)?.err?.message ?? "", /what d\.step\("book"\) returned is a Map/);
    });
  });

  describe("whose code has changed under it", () => {
    const ask = (...questions: string[]) =>
      leads(async (d) => {
        const answers: string[] = [];
        for (const question of questions) answers.push(await d.ask(question));
        return answers.join(" ");
      });
    const named = (...names: [string, string][]) =>
      leads(async (d) => {
        const answers: string[] = [];
        for (const [question, name] of names) answers.push(await d.ask(question, { name }));
        return answers.join(" ");
      });
    const size = (...choices: string[]) =>
      leads(async (d) => `${await d.choose("Size?", choices)} ${await d.ask("City?")}`);

    const TABLE: [string, ReturnType<typeof leads>, string[], ReturnType<typeof leads>, string][] = [
      ["goes on where only what comes later has", ask("a?", "b?"), ["A"], ask("a?", "b?", "c?"), "c?"],
      ["ends where the question has", ask("a?", "b?"), ["A"], ask("a?", "x?"), CHANGED],
      ["ends where an earlier question has", ask("a?", "b?"), ["A"], ask("x?", "b?"), CHANGED],
      ["ends where a question has come before it", ask("a?", "b?"), [], ask("x?", "a?"), CHANGED],
      ["ends where the question is gone", ask("a?", "b?"), ["A"], ask("a?"), CHANGED],
      [
        "goes on with a named question in other words",
        named(["a?", "a"], ["b?", "b"]),
        ["A"],
        named(["A?", "a"], ["B?", "b"]),
        "A next",
      ],
      [
        "ends where another kind is asked",
        ask("a?"),
        [],
        leads(async (d) => `${await d.confirm("a?")}`),
        CHANGED,
      ],
      ["ends where what was chosen is no choice now", size("s", "l"), ["s"], size("m", "l"), CHANGED],
      ["goes on where it still is", size("s", "l"), ["s"], size("xs", "s", "l"), "s next"],
      [
        "ends where a step has come in between",
        ask("a?", "b?"),
        ["A"],
        leads(async (d) => {
          await d.ask("a?");
          await d.step("new", () => undefined);
          return await d.ask("b?");
        }),
        CHANGED,
      ],
      [
        "ends where the time is asked in between",
        ask("a?", "b?"),
        ["A"],
        leads(async (d) => {
          await d.ask("a?");
          return `${d.now()} ${await d.ask("b?")}`;
        }),
        CHANGED,
      ],
      [
        "goes on where something more is said",
        ask("a?", "b?"),
        ["A"],
        leads(async (d) => {
          await d.say("new");
          const a = await d.ask("a?");
          await d.say("new too");
          return `${a} ${await d.ask("b?")}`;
        }),
        "A next",
      ],
      [
        "ends where its version has",
        leads(async (d) => await d.ask("a?")),
        [],
        leads(async (d) => await d.ask("a?"), { version: 2 }),
        CHANGED,
      ],
      [
        "ends where it is there no more",
        ask("a?"),
        [],
        (bot) => {
          bot.dialog("other", async () => undefined);
          bot.on("message:body", (ctx) => `echo ${ctx.body}`);
        },
        CHANGED,
      ],
    ];
    for (const [what, before, answers, after, reply] of TABLE) {
      it(what, async () => {
        const stage = new Stage(before);
        await stage.says("go");
        for (const answer of answers) await stage.says(answer);
        stage.restart(after);
        assert.deepEqual(await stage.says("next"), [reply]);
        if (reply !== CHANGED) return;
        assert.deepEqual(await stage.kept(), []);
        assert.deepEqual(await stage.says("next"), ["echo next"], "nobody is trapped");
      });
    }
  });

  describe("that fails", () => {
    it("asks the last question again, and gives up after the third time", async () => {
      const stage = new Stage(
        leads(async (d) => {
          const text = await d.ask("What?");
          if (text === "bad") throw new Error("on purpose");
          return await d.ask(`Why ${text}?`);
        }),
      );
      await stage.says("go");
      assert.deepEqual(await stage.says("bad"), [FAILED]);
      assert.deepEqual(await stage.says("bad"), [FAILED]);
      assert.deepEqual(await stage.says("good"), ["Why good?"]);
      assert.deepEqual(await stage.says("x"), ["x"]);
      await stage.says("go");
      assert.deepEqual(await stage.says("bad"), [FAILED]);
      assert.deepEqual(await stage.says("bad"), [FAILED]);
      assert.deepEqual(await stage.says("bad"), [GIVEN_UP]);
      assert.deepEqual(await stage.kept(), []);
      const failures = stage.at.log.filter(({ level }) => level === ERROR);
      assert.equal(failures.length, 5);
      assert.equal(failures[0]?.err?.message, "on purpose");
    });

    it("after a step tries again what failed, not the step", async () => {
      const done: string[] = [];
      let broken = true;
      const stage = new Stage(
        leads(async (d) => {
          const text = await d.ask("What?");
          await d.step("pay", () => void done.push(`paid ${text}`));
          await d.say("Paid.");
          await d.step("send", () => {
            if (broken) throw new Error("on purpose");
            done.push(`sent ${text}`);
          });
          await d.say("Sent.");
          return await d.ask("Anything else?");
        }),
      );
      await stage.says("go");
      assert.deepEqual(await stage.says("tea"), ["Paid.", STUCK]);
      stage.restart();
      assert.deepEqual(await stage.says("again"), [STUCK]);
      broken = false;
      assert.deepEqual(await stage.says("again"), ["Sent.", "Anything else?"]);
      assert.deepEqual(done, ["paid tea", "sent tea"]);
      assert.deepEqual(await stage.says("no"), ["no"]);
    });

    it("before it has asked anything is a handler that fails", async () => {
      const stage = new Stage(
        leads(() => {
          throw new Error("on purpose");
        }),
        { ack: "durable" },
      );
      assert.deepEqual(await stage.says("go"), [APOLOGY]);
      assert.deepEqual(await stage.kept(), []);
    });

    it("is told that it does two things at once", async () => {
      const stage = new Stage(
        leads(async (d) => {
          await Promise.all([d.ask("One?"), d.ask("Two?")]);
        }),
      );
      await stage.says("go");
      assert.match(
        stage.at.log.at(-1)?.err?.message ?? "",
        /the question "Two\?" was called while the question "One\?" was still at it/,
      );
    });
  });

  it("ends when it has been through too much", async () => {
    const tooMuch = "Sorry, this has become too long for me, so I have stopped.";
    const steps = new Stage(
      leads(async (d) => {
        for (;;) await d.step("again", () => undefined);
      }),
    );
    assert.deepEqual(await steps.says("go"), [tooMuch]);
    const chatter = new Stage(
      leads(async (d) => {
        for (;;) await d.ask("And?");
      }),
    );
    await chatter.says("go");
    assert.deepEqual(await chatter.says("x".repeat(40_000)), ["And?"]);
    assert.deepEqual(await chatter.says("x".repeat(40_000)), [tooMuch]);
    assert.deepEqual(await chatter.kept(), []);
  });

  it("is started with what JSON can keep, in the place of another, and not from within one", async () => {
    const stage = new Stage((bot) => {
      const inner = bot.dialog(
        "inner",
        async (d: Dialog, { name }: { name: string }) => await d.ask(`${name}?`),
      );
      const outer = bot.dialog("outer", async (d) => {
        await d.ask("Really?");
        await inner.start(d.ctx, { name: "x" });
      });
      bot.hears("!inner", (ctx) => inner.start(ctx, { name: "Juliet" }));
      bot.hears("!outer", (ctx) => outer.start(ctx));
      bot.hears("!bad", (ctx) => inner.start(ctx, { name: new Date() as never }));
    });
    await stage.says("!outer");
    assert.deepEqual(await stage.says("!inner"), ["Juliet?"]);
    stage.restart();
    assert.deepEqual(await stage.says("x"), ["x"]);
    await stage.says("!bad");
    assert.match(stage.at.log.at(-1)?.err?.message ?? "", /the dialog inner is started with\.name is a Date/);
    await stage.says("!outer");
    assert.deepEqual(await stage.says("yes"), [FAILED]);
    assert.match(stage.at.log.at(-1)?.err?.message ?? "", /cannot start in the midst of another/);
  });

  it("has a name of its own, and a whole version", () => {
    assert.throws(
      () =>
        new Stage((bot) => [bot.dialog("a", async () => undefined), bot.dialog("a", async () => undefined)]),
      /two dialogs called "a"/,
    );
    assert.throws(() => new Stage(leads(async () => undefined, { version: 1.5 })), /version 1\.5/);
  });

  it("of another part of the bot is left to that part", async () => {
    const stage = new Stage((bot) => {
      const one = bot.on("message:direct").dialog("one", async (d) => await d.ask("One?"));
      const two = bot.on("message:body").dialog("two", async (d) => await d.ask("Two?"));
      bot.hears("!one", (ctx) => one.start(ctx as never));
      bot.hears("!two", (ctx) => two.start(ctx as never));
    });
    await stage.says("!two");
    assert.deepEqual(await stage.says("a"), ["a"]);
    await stage.says("!one");
    assert.deepEqual(await stage.says("b"), ["b"]);
  });

  it("is committed with the message that it was answered by", async () => {
    const stage = new Stage(pizza, { ack: "durable" });
    const batches: string[][] = [];
    const commit = stage.store.commit.bind(stage.store);
    stage.store.commit = (writes) => {
      batches.push(writes.flatMap((write) => Object.keys(write)));
      return commit(writes);
    };
    await stage.says("go");
    await stage.says("Verona");
    await stage.says("1");
    assert.deepEqual(batches, [
      ["enqueue"],
      ["put", "put", "enqueue", "complete"],
      ["enqueue"],
      ["put", "complete"],
      ["enqueue"],
      ["delete", "complete"],
    ]);
  });
});
