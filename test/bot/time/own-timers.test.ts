import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Context, defineBot, type StartedBot, session } from "../../../src/bot/index.ts";
import { el, message, presence } from "../../../src/stanza/index.ts";
import { testbed } from "../../../src/testkit/index.ts";

const visits = session({ initial: () => ({ count: 0 }) });

function bot(start: (self: StartedBot<unknown>) => void) {
  return defineBot({
    name: "bot",
    summary: "remembers",
    start,
    routes(on) {
      on.extend(visits).hears("hello", async (ctx) => {
        (await ctx.session).count += 1;
        return "hello";
      });
      on.hears("list", async (ctx) => JSON.stringify(await ctx.reminders.list()));
      on.hears(/^cancel (\d+)$/, async (ctx) => String(await ctx.reminders.cancel(Number(ctx.match[1]))));
      on.hears("later", async (ctx) => {
        await ctx.remind("1h", message({ id: "tea", body: "Tea!" }, el("x", { xmlns: "urn:example" })));
        await ctx.remind("2h", el("body", {}, "Cake!"));
      });
      on.timer<string>("ring", (ctx) => `${ctx.timer.data} for ${ctx.from}`);
    },
  });
}

describe("timers that a bot sets of its own accord", () => {
  it("are due once, through a restart, at their time, and are its conversation's to list and cancel", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    const { alice, clock } = bed;
    await self?.remind(alice.jid.bare, "1h", "tea");
    await self?.schedule(alice.jid, "ring", "2h", "Dinner");
    await self?.remind(alice.jid, "3h", "never");
    assert.match((await alice.says("list")).body, /"id":1,.*"id":2,.*"id":3/);
    (await alice.says("cancel 3")).expect("true");
    await bed.restart();
    await clock.advance("59m");
    await alice.hearsNothing();
    await clock.advance("1m");
    await alice.hears("tea");
    await clock.advance("1h");
    await alice.hears(`Dinner for ${alice.jid.bare}`);
    await clock.advance("2h");
    await alice.hearsNothing();
  });

  it("are on time where they are due at once, though nobody says anything", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    const { alice, clock } = bed;
    await self?.remind(alice.jid, "2s", "tea");
    await self?.schedule(alice.jid, "ring", "1s", "Dinner");
    await clock.advance("1s");
    await alice.hears(`Dinner for ${alice.jid.bare}`);
    await clock.advance("1s");
    await alice.hears("tea");
  });

  it("are said to all in a room that the bot is in", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    const lobby = await bed.room("lobby");
    const { alice, clock } = bed;
    await alice.in(lobby).says("list");
    await self?.remind(lobby.jid, "1h", "Stand-up!");
    await clock.advance("1h");
    const said = await alice.hears("Stand-up!");
    assert.equal(said.type, "groupchat");
  });

  it("lose none where many are set at once", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    const made = await Promise.all(
      ["1h", "2h", "3h", "4h"].map((when) => self?.remind(bed.alice.jid, when, when)),
    );
    assert.deepEqual(made.map((each) => each?.id).sort(), [1, 2, 3, 4]);
    await bed.clock.advance("4h");
    for (const when of ["1h", "2h", "3h", "4h"]) await bed.alice.hears(when);
  });

  it("refuse what is no time, and what cannot be kept", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    const to = bed.alice.jid;
    await assert.rejects(async () => await self?.remind(to, Number.NaN, "x"), /no time to come/);
    await assert.rejects(async () => await self?.schedule(to, "ring", "1h", [undefined] as never), TypeError);
    await assert.rejects(async () => await self?.remind("@", "1h", "x"), { name: "JidError" });
  });
});

describe("what is said later", () => {
  it("may be a message, or its content", async () => {
    await using bed = await testbed(bot(() => undefined));
    const { alice, clock } = bed;
    await alice.says("later");
    await bed.restart();
    await clock.advance("1h");
    const tea = await alice.hears("Tea!");
    assert.equal(tea.id, "tea");
    assert.ok(tea.element.child("x", "urn:example"));
    await clock.advance("1h");
    await alice.hears("Cake!");
  });

  it("is no presence", async () => {
    let error: unknown;
    const own = defineBot({
      name: "bot",
      summary: "x",
      routes: (on) =>
        void on.on("message:body", async (ctx: Context) => {
          await ctx.remind("1h", presence() as never).catch((thrown: unknown) => {
            error = thrown;
          });
        }),
    });
    await using bed = await testbed(own);
    await bed.alice.says("x");
    assert.match(String(error), /TypeError: only words or a message can be said later/);
  });
});

describe("a session", () => {
  it("is read outside of handlers, too", async () => {
    let self: StartedBot<unknown> | undefined;
    await using bed = await testbed(
      bot((started) => {
        self = started;
      }),
    );
    assert.ok(self);
    assert.equal(await visits.read(self, bed.alice.jid.bare), undefined);
    await bed.alice.says("hello");
    await bed.alice.says("hello");
    assert.deepEqual(await visits.read(self, bed.alice.jid.bare), { count: 2 });
  });
});
