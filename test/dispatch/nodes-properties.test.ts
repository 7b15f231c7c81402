import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import type { Context } from "../../src/bot/index.ts";
import { Message } from "../../src/stanza/index.ts";
import { SharedMemory } from "../../src/store/index.ts";
import { TestClock } from "../store/support/clock.ts";
import { endAll, type Node, node, Postbox, remember, remembered } from "./node-support.ts";
import { chat, turns } from "./support.ts";

const LEASE = 1_000;
const NODES = 3;
const PEOPLE = ["juliet@example.com", "romeo@example.com"];
const MESSAGES = 8;

after(endAll);

/** What happens to a node, so many turns after what happened before. */
interface Blow {
  readonly kind: "crash" | "doze" | "oversleep";
  readonly node: number;
  readonly after: number;
}

const blow: fc.Arbitrary<Blow> = fc.record({
  kind: fc.constantFrom("crash", "doze", "oversleep"),
  node: fc.nat(NODES - 1),
  after: fc.nat(30),
});

/** What the test draws: how long each handler takes, to which node each message goes first, and the blows. */
const history = fc.record({
  pace: fc.array(fc.nat(12), { minLength: 16, maxLength: 16 }),
  route: fc.array(fc.nat(NODES - 1), { minLength: 16, maxLength: 16 }),
  blows: fc.array(blow, { maxLength: 12 }),
  durable: fc.boolean(),
});

async function wait(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await turns();
}

/** A commit is heard of some turns after it has happened, so that a node can end in between. */
function answerLate({ store }: Node): void {
  const commit = store.commit.bind(store);
  store.commit = async (writes) => {
    const numbers = await commit(writes);
    await wait(2);
    // A question that is not answered before the node goes on, if it ever does.
    await store.counts("inbox");
    return numbers;
  };
}

class Cluster {
  readonly clock = new TestClock();
  readonly memory = new SharedMemory({ clock: this.clock.read, leaseDuration: LEASE });
  readonly postbox = new Postbox();
  readonly nodes: Node[];
  /** Settled when the node of the same place is gone. */
  readonly ends: PromiseWithResolvers<"gone">[] = [];
  readonly #start: () => Node;

  constructor(pace: readonly number[], durable: boolean) {
    const handle = async (ctx: Context): Promise<string> => {
      await wait(pace[Number(ctx.body) % pace.length] as number);
      await remember(ctx);
      return ctx.body ?? "";
    };
    const options = { deadline: 4, ...(durable && { ack: "durable" as const }) };
    this.#start = () => {
      const made = node(this.memory, this.postbox, handle, options);
      answerLate(made);
      return made;
    };
    this.nodes = Array.from({ length: NODES }, () => this.#start());
    this.ends = this.nodes.map(() => Promise.withResolvers());
  }

  async strike({ kind, node: place, after: count }: Blow): Promise<void> {
    await wait(count);
    const { store } = this.nodes[place] as Node;
    if (kind === "crash") {
      store.crash();
      this.ends[place]?.resolve("gone");
      this.nodes[place] = this.#start();
      this.ends[place] = Promise.withResolvers();
      // The others believe it when its time is over, which is not at once.
      void wait(count).then(() => this.pass(LEASE));
      return;
    }
    store.pause();
    await wait(3);
    this.pass(kind === "oversleep" ? LEASE : LEASE / 2);
    await wait(count);
    store.resume();
  }

  /** Brings one message until it is taken, as our module does: to another node where one is gone or turns it away. */
  async bring(person: string, number: number, place: number): Promise<void> {
    const element = chat(`${number}`).element.withAttrs({ from: `${person}/phone` });
    for (let attempt = 0; ; attempt += 1) {
      const at = (place + attempt) % NODES;
      const { dispatcher } = this.nodes[at] as Node;
      const outcome = dispatcher.dispatch(new Message(element), {
        id: `${person} ${number}`,
        repeated: attempt > 0,
      });
      const became = await Promise.race([outcome, this.ends[at]?.promise]);
      if (became !== "gone" && became?.kind !== "unavailable") return;
      await wait(1);
    }
  }

  /** Lets everybody who was silent be found to be, until nothing waits. */
  async settle(): Promise<void> {
    const [first] = this.nodes as [Node];
    for (let round = 0; round < 50; round += 1) {
      this.pass(LEASE);
      for (const { dispatcher } of this.nodes) await dispatcher.takeRevived();
      for (const { dispatcher } of this.nodes) await dispatcher.idle();
      if ((await first.store.counts("inbox")).waiting === 0) return;
    }
    assert.fail("something waits for ever");
  }

  pass(milliseconds: number): void {
    this.clock.now += milliseconds;
  }
}

describe("nodes that are killed and stand still at random", () => {
  it("handle all that was taken, in order within each conversation, with its effects once", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ pace, route, blows, durable }) => {
        const cluster = new Cluster(pace, durable);
        const bringing = PEOPLE.map(async (person, index) => {
          for (let number = 0; number < MESSAGES; number += 1) {
            await cluster.bring(
              person,
              number,
              route[(number * PEOPLE.length + index) % route.length] as number,
            );
          }
        });
        for (const each of blows) await cluster.strike(each);
        await Promise.all(bringing);
        await cluster.settle();
        const [first] = cluster.nodes as [Node];
        for (const person of PEOPLE) {
          assert.deepEqual(
            await remembered(first.store, person),
            Array.from({ length: MESSAGES }, (_, number) => `${number}`),
          );
        }
        assert.deepEqual(await first.store.entries("inbox"), []);
      }),
      { numRuns: Number(process.env["NODES_RUNS"] ?? 40) },
    );
  });
});
