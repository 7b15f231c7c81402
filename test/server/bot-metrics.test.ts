import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { BotGate } from "../../src/dispatch/index.ts";
import { observeBots } from "../../src/server/bot-metrics.ts";
import { PLAIN, SIGNED, startHarness } from "../callback/support/harness.ts";
import { stanza, world } from "../dispatch/support.ts";

test("a scrape tells which bots handle what comes, and how often each was paused", async () => {
  let now = 0;
  const { mount, dispatcher, bot } = world({
    echo: (routes) =>
      routes.on("message:body", () => {
        throw new Error("broken");
      }),
    other: (routes) => routes.on("message:body", () => "well"),
  });
  const clock = { now: () => now, after: () => () => undefined };
  const breaker = { failures: 2, pause: 1_000 };
  const gate = new BotGate({ breaker, clock });
  const closed = new BotGate();
  mount.put({ ...bot("echo"), gate });
  mount.put({ ...bot("other"), gate: closed });
  const registry = new Registry();
  observeBots(registry, [mount]);
  const scraped = async (): Promise<string[]> =>
    (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const told = (echo: number, other: number, pauses: number): string[] => [
    `restanza_bot_open{bot="echo",domain="bots.example"} ${echo}`,
    `restanza_bot_open{bot="other",domain="bots.example"} ${other}`,
    `restanza_bot_pauses_total{bot="echo",domain="bots.example"} ${pauses}`,
    'restanza_bot_pauses_total{bot="other",domain="bots.example"} 0',
  ];
  const fail = async (who: string): Promise<void> => {
    await dispatcher.dispatch(
      stanza(
        `<message type='chat' id='i' from='${who}@example.com/x' to='echo@bots.example'><body>x</body></message>`,
      ),
    );
  };
  assert.deepEqual(await scraped(), told(1, 1, 0));
  await fail("a");
  assert.deepEqual(await scraped(), told(1, 1, 0));
  await fail("b");
  assert.deepEqual(await scraped(), told(0, 1, 1));
  now = 1_000;
  await fail("a");
  assert.deepEqual(await scraped(), told(0, 1, 2), "the trial failed");
  closed.disabled = true;
  gate.configure({ breaker });
  assert.deepEqual(await scraped(), told(1, 0, 2), "a newer version is open, and does not forget");
});

test("a server tells it of the bots of each domain", async () => {
  await using harness = await startHarness();
  const text = await (await fetch(`http://127.0.0.1:${harness.port}/metrics`)).text();
  for (const domain of [PLAIN, SIGNED]) {
    assert.ok(text.includes(`\nrestanza_bot_open{bot="echo",domain="${domain}"} 1\n`), domain);
    assert.ok(text.includes(`\nrestanza_bot_pauses_total{bot="echo",domain="${domain}"} 0\n`), domain);
  }
});
