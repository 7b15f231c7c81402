/**
 * What a process of its own costs a bot: the same bot twice in one server, once with `isolate`, beside each other. A stanza is brought to
 * it and its answer awaited, without HTTP, which would hide a difference; so are one after another, for the time, and many at once, for the rate. The
 * memory is that of the process.
 *
 * `node --import tsx bench/isolation.ts [--rounds 7] [--stanzas 3000] [--flight 64]`
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { checkConfig, loadBots, startServer } from "../src/server/index.ts";
import { readStanza, type Stanza } from "../src/stanza/index.ts";
import { type Finding, machine, numbers, print, printFindings, printTable } from "./support/report.ts";
import { DOMAIN, WORDS } from "./support/stanza.ts";
import { median, ratios, turn } from "./support/stats.ts";

const FRAMEWORK = new URL("../src/bot/index.ts", import.meta.url).href;

/** A bot that says back what it hears; `count` also keeps something. */
function botText(name: string, more: string): string {
  return `import { defineBot } from ${JSON.stringify(FRAMEWORK)};
export default defineBot({
  name: ${JSON.stringify(name)}, summary: "is measured", ${more}
  routes(bot) {
    bot.hears("pid", () => String(process.pid));
    bot.hears("count", async (ctx) => {
      const count = ((await ctx.storage.get("count")) ?? 0) + 1;
      ctx.storage.set("count", count);
      return String(count);
    });
    bot.on("message:body", (ctx) => ctx.body);
  },
});
`;
}

/** A message of one of a thousand people. */
function said(bot: string, words: string, index: number): Stanza {
  return readStanza(
    `<message type='chat' id='${index}' from='person${index % 1_000}@example.org/x' to='${bot}@${DOMAIN}'><body>${words}</body></message>`,
  );
}

/** What it takes of memory, in MiB. */
async function resident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Runs both in turns and prints how they compare. */
export async function isolationBench(rounds: number, stanzas: number, flight: number): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), "restanza-bench-"));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "bot.ts"), text);
  };
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await write("inline", botText("inline", ""));
  await write("isolated", botText("isolated", "isolate: true,"));
  const config = checkConfig({
    port: 0,
    botsDir: folder,
    mounts: [
      {
        domain: DOMAIN,
        rest: { url: "http://127.0.0.1:9/rest", token: "unused" },
        callback: { auth: ["prosody:nobody-calls-it"] },
      },
    ],
  });
  const bots = (await loadBots(folder)).map(({ bot }) => bot);
  const server = await startServer(config, bots, pino({ level: "silent" }));
  const { dispatcher } = server;
  const ask = async (stanza: Stanza): Promise<string> => {
    const outcome = await dispatcher.dispatch(stanza);
    if (outcome.kind !== "reply" || outcome.stanza.kind !== "message")
      throw new Error(`it was answered by ${outcome.kind}`);
    return outcome.stanza.body ?? "";
  };
  const pid = Number(await ask(said("isolated", "pid", 0)));
  const atRest = await resident(pid);
  const cases = ["inline", "isolated"].flatMap((bot) =>
    [WORDS, "count"].map((words) => ({ bot, words, times: [] as number[], rates: [] as number[] })),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const index of turn(cases.length, round)) {
      const each = cases[index] as (typeof cases)[number];
      const few = Math.ceil(stanzas / 10);
      let began = performance.now();
      for (let number = 0; number < few; number += 1) await ask(said(each.bot, each.words, number));
      const time = (performance.now() - began) / few;
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < stanzas) {
          next += 1;
          await ask(said(each.bot, each.words, next));
        }
      };
      began = performance.now();
      await Promise.all(Array.from({ length: flight }, worker));
      // The first round is for the compiler.
      if (round === 0) continue;
      each.times.push(time);
      each.rates.push((1_000 * stanzas) / (performance.now() - began));
    }
  }
  print(
    `\nIsolation: ${rounds} rounds, ${stanzas} stanzas, ${flight} at once\n${machine()}\nthe bot's process: ${atRest.toFixed(0)} MiB at first, ${(await resident(pid)).toFixed(0)} MiB in the end\n`,
  );
  printTable(
    ["", "µs a stanza, one by one", "stanzas a second"],
    cases.map(({ bot, words, times, rates }) => [
      `${bot}, ${words === "count" ? "with a commit" : "an echo"}`,
      (1_000 * median(times)).toFixed(0),
      median(rates).toFixed(0),
    ]),
  );
  await server.stop();
  await rm(folder, { recursive: true });
  const [echo, count, farEcho, farCount] = cases as [(typeof cases)[number], ...(typeof cases)[number][]];
  const compared = (
    what: string,
    near: (typeof cases)[number] | undefined,
    far: (typeof cases)[number] | undefined,
  ): Finding[] => [
    { what: `${what}, time: isolated / inline`, ratio: ratios(far?.times ?? [], near?.times ?? []) },
    { what: `${what}, rate: isolated / inline`, ratio: ratios(far?.rates ?? [], near?.rates ?? []) },
  ];
  return [...compared("echo", echo, farEcho), ...compared("echo with a commit", count, farCount)];
}

if (import.meta.main) {
  const { rounds, stanzas, flight } = numbers({ rounds: 7, stanzas: 3000, flight: 64 });
  printFindings(await isolationBench(rounds, stanzas, flight));
}
