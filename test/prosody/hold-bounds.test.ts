import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, it } from "node:test";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { outageLines, ping } from "./hold-support.ts";
import {
  type Answer,
  connect,
  echo,
  errorOf,
  onBothServers,
  type Person,
  type Received,
  startWebhook,
  until,
  type Webhook,
} from "./support.ts";

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** The memory that a process has in use, in bytes. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

onBothServers("mod_restanza_callback, when it has kept as much as it may", (suite) => {
  let webhook: Webhook;
  let prosody: Prosody;
  let alice: Person;
  let answer: (received: Received) => Answer | Promise<Answer> = echo;

  const start = (port = 0): Promise<Webhook> => startWebhook((received) => answer(received), port);

  before(async () => {
    webhook = await start();
    const callback = { address: webhook.address };
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        { kind: "component", host: "bots.test", callback },
        { kind: "component", host: "short.test", callback, options: { restanza_callback_hold: 2 } },
        {
          kind: "component",
          host: "small.test",
          callback,
          options: { restanza_callback_queue_per_conversation: 10, restanza_callback_queue_bytes: 20_000 },
        },
      ],
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice.stop();
    await prosody.stop();
    await webhook.close();
  });

  beforeEach(() => {
    answer = echo;
    alice.stanzas.length = 0;
    webhook.received.length = 0;
  });

  afterEach(async () => {
    if (!webhook.server.listening) webhook = await start(webhook.port);
  });

  const errorIds = (): string[] =>
    alice.stanzas.flatMap((s) => (s.attrs["type"] === "error" && s.attrs["id"] ? [s.attrs["id"]] : []));
  const refused = (id: string) =>
    alice.waitFor((s) => s.attrs["type"] === "error" && s.attrs["id"] === id, `an error for ${id}`, 30_000);
  /** Everything before it has reached the module when this resolves, while the web server is away. */
  const fence = async (host: string, id: string): Promise<void> => {
    await alice.write(ping(`fence@${host}`, id));
    await refused(id);
  };

  it("tells the sender the true error when the time is over, in order, and nothing to a room", async () => {
    await webhook.close();
    const started = performance.now();
    for (const text of numbers(20)) await alice.say("late@short.test", text);
    await alice.write("<message to='late@short.test' type='groupchat' id='room'><body>room</body></message>");
    await alice.write("<presence to='late@short.test' id='presence'/>");
    await alice.write("<presence to='late@short.test' type='subscribe' id='subscribe'/>");
    await alice.say("late@short.test", "20");
    await refused("20");
    assert.ok(performance.now() - started >= 2000, "not before its time");
    assert.deepEqual(errorIds(), [...numbers(20), "subscribe", "20"]);
    for (const stanza of alice.stanzas.filter((s) => s.attrs["type"] === "error")) {
      assert.deepEqual(errorOf(stanza), {
        type: "wait",
        condition: "recipient-unavailable",
        text: "The bot cannot be reached at the moment",
      });
    }
    await prosody.waitForLog(/Stanzas refused: \d+, kept for as long as restanza_callback_hold allows/);
    await prosody.waitForLog(/still away, and nothing is kept any more.* kept: 24; .* refused: 24/);
    webhook = await start(webhook.port);
    await alice.say("late@short.test", "again");
    await until(() => alice.texts().includes("again"), "the answer to what came later");
    assert.deepEqual(
      webhook.received.map((r) => r.text),
      ["again"],
    );
  });

  it("counts the time of each from its arrival", async () => {
    await webhook.close();
    await alice.say("each@short.test", "early");
    await fence("short.test", "fence-early");
    await new Promise((resolve) => setTimeout(resolve, 1000)); // how much later it is sent is what this is about
    const sent = performance.now();
    await alice.say("each@short.test", "late");
    await refused("early");
    assert.deepEqual(errorIds(), ["fence-early", "early"]);
    await refused("late");
    assert.ok(performance.now() - sent >= 2000);
  });

  it("refuses at once what its queues do not hold, and keeps the rest", async () => {
    await webhook.close();
    await alice.say("first@small.test", "first");
    await fence("small.test", "fence-before"); // from here on they are kept
    for (const text of numbers(12)) await alice.say("many@small.test", text);
    await alice.say("big@small.test", `big ${"b".repeat(15_000)}`, "big");
    await alice.say("big@small.test", `bigger ${"b".repeat(15_000)}`, "bigger");
    await fence("small.test", "fence-small");
    const errors = errorIds().filter((id) => !id.startsWith("fence"));
    // The one under way, if there is one at the moment, leaves its place to another.
    assert.ok(["10,11,bigger", "11,bigger"].includes(errors.join()), errors.join());
    for (const id of errors) assert.equal(errorOf(await refused(id)).condition, "resource-constraint");
    webhook = await start(webhook.port);
    await until(() => alice.texts().length >= 15 - errors.length, "the answers");
    assert.deepEqual(
      alice.texts("many@small.test"),
      numbers(12).filter((text) => !errors.includes(text)),
    );
  });

  it("keeps 10,000 in 2,100 conversations and no more, in bounded memory", async (t) => {
    const [conversations, sent] = [2100, 10_500];
    await webhook.close();
    await fence("bots.test", "fence-before");
    const memory = memoryOf(prosody.pid);
    const begun = performance.now();
    for (let i = 0; i < sent; i += conversations) {
      let xml = "";
      for (let j = i; j < i + conversations; j++) {
        xml += `<message to='bot${j % conversations}@bots.test' type='chat' id='${j}'><body>${j}</body></message>`;
      }
      await alice.write(xml);
    }
    await fence("bots.test", "fence-all");
    t.diagnostic(`${(performance.now() - begun).toFixed(0)} ms until all are kept`);
    const grown = memoryOf(prosody.pid) - memory;
    t.diagnostic(`${(grown / 10_000 / 1024).toFixed(1)} KiB for each stanza kept`);
    assert.ok(grown < 150 * 1024 * 1024, `${grown} bytes more`);
    const errors = errorIds().filter((id) => !id.startsWith("fence"));
    assert.ok(errors.length === sent - 10_000 || errors.length === sent - 10_001, `${errors.length} refused`); // one may be under way
    assert.equal(errorOf(await refused(errors[0] ?? "")).condition, "resource-constraint");
    const expected = sent - errors.length;
    const released = performance.now();
    webhook = await start(webhook.port);
    const all = alice.stanzas.length + expected;
    await until(() => alice.stanzas.length >= all, "every answer", 60_000);
    t.diagnostic(`${(performance.now() - released).toFixed(0)} ms until all are answered`);
    const wanted = new Map<string, string[]>();
    const came = new Map<string, string[]>();
    const lost = new Set(errors);
    const add = (to: Map<string, string[]>, bot: string, text: string): void => {
      to.set(bot, [...(to.get(bot) ?? []), text]);
    };
    for (const text of numbers(sent)) {
      if (!lost.has(text)) add(wanted, `bot${Number(text) % conversations}@bots.test`, text);
    }
    for (const stanza of alice.stanzas) {
      if (stanza.attrs["type"] !== "error" && stanza.name === "message") {
        add(came, stanza.attrs["from"] ?? "", stanza.getChildText("body") ?? "");
      }
    }
    assert.deepEqual(new Map([...came].sort()), new Map([...wanted].sort()));
    assert.equal(new Set(webhook.received.map((r) => r.headers["webhook-id"])).size, expected);
  });

  it("lets one stanza that fails by itself hold up no other conversation", async () => {
    const outages = outageLines(prosody.log(), "bots.test").length;
    let tries = 0;
    let others = 0;
    let answers = 0;
    let poisonous = true;
    answer = async (received) => {
      if (received.text === "poison" && poisonous) {
        tries++;
        // The third of a conversation comes when Prosody has the answer to the second, which it sent after this.
        const third = answers + 3;
        await until(() => answers >= third, "answers to others");
        return undefined;
      }
      if (received.url.searchParams.get("to")?.startsWith("healthy@")) answers++;
      return echo(received);
    };
    await alice.say("poisoned@bots.test", "poison");
    await alice.say("poisoned@bots.test", "behind it");
    const stream = setInterval(() => void alice.say("healthy@bots.test", String(others++)), 5);
    try {
      await until(() => tries >= 4, "four tries");
      poisonous = false;
      await until(() => alice.texts("poisoned@bots.test").length >= 2, "the answers to both");
    } finally {
      clearInterval(stream);
    }
    await until(() => alice.texts("healthy@bots.test").length >= others, "the answers of the others");
    assert.deepEqual(alice.texts("healthy@bots.test"), numbers(others));
    assert.deepEqual(alice.texts("poisoned@bots.test"), ["poison", "behind it"]);
    assert.equal(outageLines(prosody.log(), "bots.test").length, outages, "which is no outage");
  });

  it("lets a slow answer hold up nobody else when the web server is back", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    answer = async (received) => {
      if (received.text === "slow") await gate;
      return echo(received);
    };
    await webhook.close();
    await alice.say("slow@bots.test", "slow");
    await alice.say("quick@bots.test", "quick");
    await fence("bots.test", "fence-slow");
    webhook = await start(webhook.port);
    await until(() => alice.texts().includes("quick"), "the answer to another");
    assert.deepEqual(alice.texts(), ["quick"]);
    open();
    await until(() => alice.texts().includes("slow"), "the slow answer");
  });
});
