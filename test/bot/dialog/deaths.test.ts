import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import type { Dialog } from "../../../src/bot/index.ts";
import { turns, words } from "../../dispatch/support.ts";
import { leads, message, Stage } from "./support.ts";

/** Where a dialog may be when its process dies: in which of its steps, and how often it dies in each. */
const DEATHS = fc.array(fc.nat(2), { minLength: 4, maxLength: 4 });
const ANSWERS = ["Verona", "2", "yes"];

interface Story {
  /** What has arrived, each once, as the outbox sees to it. */
  readonly heard: readonly string[];
  readonly done: readonly string[];
}

async function told(deaths: readonly number[]): Promise<Story> {
  const left = [...deaths];
  const done: string[] = [];
  const step = (d: Dialog, index: number): Promise<void> =>
    d.step(`step ${index}`, async () => {
      if (left[index] === 0) return void done.push(`step ${index}`);
      left[index] = (left[index] ?? 0) - 1;
      return await new Promise(() => undefined);
    });
  const stage = new Stage(
    leads(async (d) => {
      await d.say("Hello!");
      await step(d, 0);
      const city = await d.ask("Which city?");
      await step(d, 1);
      const size = await d.choose("Which size?", ["small", "large"]);
      await d.say(`One ${size} pizza, then.`);
      await step(d, 2);
      const sure = await d.confirm("Sure?");
      await step(d, 3);
      return `${city} ${size} ${sure}`;
    }),
    { ack: "durable" },
  );
  const heard = new Map<string, string>();
  const listen = ({ sender }: Stage["at"]): void => {
    for (const [index, each] of sender.sent.entries()) {
      const name = sender.names[index] ?? `${each.id}`;
      if (!heard.has(name)) heard.set(name, words(each));
    }
  };
  for (const [index, said] of ["go", ...ANSWERS].entries()) {
    await stage.at.dispatcher.dispatch(message(said), { id: `m${index}` });
    for (;;) {
      for (let turn = 0; turn < 5; turn += 1) await turns();
      listen(stage.at);
      if ((await stage.store.entries("inbox")).length === 0) break;
      // Nothing is told or stored by that of what the inbox holds; it only ends the timers of the dead.
      stage.at.dispatcher.abort();
      stage.restart();
      await stage.at.dispatcher.recover();
    }
  }
  return { heard: [...heard.values()], done };
}

it("a dialog goes the same way however often its process dies in whatever step", async () => {
  let died = 0;
  await fc.assert(
    fc.asyncProperty(DEATHS, async (deaths) => {
      died += deaths.filter((count) => count > 0).length;
      assert.deepEqual(await told(deaths), {
        heard: [
          "Hello!",
          "Which city?",
          "Which size?\n1. small\n2. large",
          "One large pizza, then.",
          "Sure? (yes or no)",
          "Verona large true",
        ],
        done: ["step 0", "step 1", "step 2", "step 3"],
      });
    }),
    { numRuns: 40 },
  );
  assert.ok(died > 0);
});
