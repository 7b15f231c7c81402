import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ConfigError, loadBotNamed } from "../../../src/server/index.ts";
import { MemoryStore, SharedMemory, type Store } from "../../../src/store/index.ts";
import { until } from "../../prosody/support.ts";
import { botText } from "../folder.ts";
import { DOMAIN, type Place, startPlace, wildText } from "./support.ts";

const ECHO = { "echo/bot.ts": botText("echo", '"fine"') };
const FAILED = "Sorry, something went wrong here and I could not handle that. Please try again later.";
const TOO_LATE = "Sorry, that took too long, so I gave up. Please try again later.";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidOf(place: Place): Promise<number> {
  return Number(await place.saysUntilWell("pid"));
}

describe("a bot in a process of its own", { concurrency: 2 }, () => {
  test("does all that a bot does, with the store, the outbox and the web hooks of the server", async () => {
    await using place = await startPlace({ "wild/bot.ts": wildText(), ...ECHO });
    const { says, posts, log, server } = place;
    const pid = await pidOf(place);
    assert.notEqual(pid, process.pid);
    assert.deepEqual(
      [
        await says("count"),
        await says("count"),
        await says("twice"),
        await says("who"),
        await says("double"),
      ],
      ["1", "2", "second", "echo wild", "doubled"],
    );
    assert.equal(await says("throw"), FAILED);
    assert.equal(await says("forbid"), "forbidden");
    assert.equal(await says("ready"), "set", "what it says by process.send itself disturbs nobody");
    assert.deepEqual([await says("order"), await says("Rome")], ["Which city?", "To Rome."]);
    assert.deepEqual([await says("tell bob"), await says("remind")], ["told", "noted"]);
    await until(() => posts.length === 3, "what goes by POST");
    assert.deepEqual([...posts].sort(), ["first", "now", "psst"]);
    const hook = `http://127.0.0.1:${server.webAddress?.port}/bots/wild/hook`;
    const answer = await fetch(hook, { method: "POST", body: "hooked" });
    assert.deepEqual(
      [answer.status, answer.headers.get("x-version"), await answer.text()],
      [201, "one", String(pid)],
    );
    await until(() => posts.includes("hooked"), "the message of the web hook");
    assert.ok(log.some((line) => /"wild has started"/.test(line)));
    assert.ok(log.some((line) => /"level":50.*"bot":"wild@bots\.test".*a mistake of wild/.test(line)));
    const slow = says("slow");
    await until(() => log.some((line) => line.includes("it is slow")), "a handler at work");
    await server.stop();
    assert.equal(await slow, "at last", "its handlers finish");
    assert.ok(log.some((line) => /the resources of wild are closed/.test(line)));
    assert.equal(isAlive(pid), false);
  });

  test("does not keep the server from stopping in its time", async () => {
    const more = "isolate: true, timeout: 3_600_000";
    await using place = await startPlace({ "wild/bot.ts": wildText(more) }, { shutdownTimeout: 50 });
    const pid = await pidOf(place);
    const stuck = place.says("loop");
    await until(() => place.log.some((line) => line.includes("it loops")), "the loop");
    await place.server.stop();
    assert.equal(isAlive(pid), false);
    assert.equal(await stuck, FAILED);
  });

  test("whose handler never ends is killed after its time, its person told, and no other bot notices", async () => {
    await using place = await startPlace({
      "wild/bot.ts": wildText("isolate: true, timeout: 2_000"),
      ...ECHO,
    });
    const { says, log } = place;
    const before = await pidOf(place);
    const stuck = says("loop");
    let others = 0;
    const over = stuck.then(() => "over");
    while ((await Promise.race([over, says("hi", "echo")])) === "fine") others += 1;
    assert.equal(await stuck, TOO_LATE);
    assert.ok(others > 1, "the other bot has answered meanwhile");
    assert.equal(isAlive(before), false);
    assert.notEqual(await pidOf(place), before);
    assert.ok(log.some((line) => /not answered for \d+ ms, and is killed/.test(line)));
  });

  test("that crashes is started again with what was stored, which its last handler has not changed", async () => {
    await using place = await startPlace({ "wild/bot.ts": wildText(), ...ECHO });
    const { says, log } = place;
    const before = await pidOf(place);
    assert.equal(await says("count"), "1");
    assert.equal(await says("order"), "Which city?");
    const bob = "bob@example.com/phone";
    assert.equal(await says("set and exit", "wild", bob), FAILED);
    assert.equal(await says("hi", "echo"), "fine");
    assert.notEqual(await pidOf(place), before);
    assert.equal(await says("Atlantis"), FAILED, "in the midst of a dialog");
    await pidOf(place);
    assert.equal(await says("Rome"), "To Rome.", "the dialog goes on");
    assert.equal(await says("count"), "2");
    assert.ok(log.some((line) => /its process has ended with the code 3, and is started again/.test(line)));
  });

  for (const [author, operator, isIsolated] of [
    ['ack: "inline"', true, true],
    ['ack: "inline"', { memory: 128 }, true],
    ["isolate: true", false, false],
  ] as const) {
    test(`is had where its author says ${author} and the operator ${JSON.stringify(operator)}: ${isIsolated}`, async () => {
      const folder = { "wild/bot.ts": wildText(author) };
      await using place = await startPlace(folder, { isolate: { wild: operator } });
      assert.equal((await pidOf(place)) !== process.pid, isIsolated);
    });
  }

  test("that takes more memory than it may is ended", async () => {
    await using place = await startPlace({
      "wild/bot.ts": wildText("isolate: { memory: 64 }"),
      ...ECHO,
    });
    const before = await pidOf(place);
    assert.equal(await place.says("leak"), FAILED);
    assert.equal(await place.says("hi", "echo"), "fine");
    assert.notEqual(await pidOf(place), before);
  });

  test("that was acknowledged first is handled again, and put aside when that has ended three processes", async () => {
    const store = new MemoryStore();
    const more = 'isolate: true, ack: "durable"';
    await using place = await startPlace({ "wild/bot.ts": wildText(more), ...ECHO }, {}, store);
    assert.equal(await place.says("exit"), "202");
    await until(
      () => place.log.some((line) => /put aside, as every process that handled it has ended/.test(line)),
      "its end",
      90_000,
    );
    await until(() => place.posts.includes(FAILED), "its person is told");
    const [dead] = await store.entries("inbox", { state: "dead" });
    assert.match(dead?.error ?? "", /processes have ended over it/);
    assert.equal(await place.says("version"), "202");
    await until(() => place.posts.includes("one"), "an answer");
  });

  test("gets what comes while its process is started again, where it wants that written down first", async () => {
    const more = 'isolate: true, ack: "durable"';
    await using place = await startPlace({ "wild/bot.ts": wildText(more), ...ECHO });
    await place.says("pid");
    await until(() => place.posts.length === 1, "its process");
    process.kill(Number(place.posts[0]), "SIGKILL");
    await until(() => place.log.some((line) => /has ended by SIGKILL/.test(line)), "the end of that");
    const counts = [await place.says("count"), await place.says("count"), await place.says("count")];
    assert.deepEqual(counts, ["202", "202", "202"]);
    await until(() => place.posts.length === 4, "the answers");
    assert.deepEqual(place.posts.slice(1), ["1", "2", "3"]);
  });

  test("is loaded anew in its process, and goes on where the newer one does not start", async () => {
    await using place = await startPlace({ "wild/bot.ts": wildText(), ...ECHO });
    const { folder, says, server } = place;
    const before = await pidOf(place);
    const load = async (text: string): Promise<void> => {
      await folder.write("wild/bot.ts", text);
      await server.reload(await loadBotNamed(folder.path, "wild"));
    };
    await load(wildText(undefined, "two"));
    assert.equal(await says("version"), "two");
    const broken = wildText(undefined, "three").replace("start: ", "health: () => false, start: ");
    await assert.rejects(load(broken), /does not start, so the one from before goes on/);
    assert.equal(await says("version"), "two");
    assert.equal(await pidOf(place), before);
    await folder.write("wild/bot.ts", wildText(undefined, "four"));
    assert.equal(await says("exit"), FAILED);
    assert.equal(await place.saysUntilWell("version"), "four", "a new process has the newest");
  });

  test("has no process while it is switched off", async () => {
    await using place = await startPlace({
      "wild/bot.ts": wildText(),
      "help/bot.ts": botText("help", '"?"'),
    });
    const pid = await pidOf(place);
    const control = place.server.dispatcher.mount(DOMAIN)?.get("help")?.control;
    await control?.disable("wild");
    await until(() => !isAlive(pid), "its end");
    assert.equal(control?.states().get("wild"), "disabled");
    assert.match(await place.says("pid"), /switched off/);
    await control?.enable("wild");
    assert.notEqual(await pidOf(place), pid);
    assert.equal(control?.states().get("wild"), "running");
  });

  test("ends with the server, however that ends, even in the midst of a loop; not by a signal of its own", async () => {
    const file = fileURLToPath(new URL("./parent.ts", import.meta.url));
    const parent = spawn(process.execPath, ["--import", "tsx", file], { stdio: "pipe" });
    const heard = async (stream: Readable): Promise<string> => String((await once(stream, "data"))[0]).trim();
    assert.equal(await heard(parent.stdout), "ready");
    const ask = (text: string): boolean => parent.stdin.write(`${text}\n`);
    ask("pid");
    const pid = Number(await heard(parent.stdout));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.kill(pid, signal);
    ask("version");
    assert.equal(await heard(parent.stdout), "one", "it still answers");
    ask("loop");
    assert.equal(await heard(parent.stderr), "looping");
    assert.ok(isAlive(pid));
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await until(() => !isAlive(pid), "its end");
  });

  test("is called over HTTP by who has its secret, however often strangers call", async () => {
    await using place = await startPlace(
      { "wild/bot.ts": wildText() },
      { web: { port: 0, rate: { perSecond: 0.001, burst: 1 } } },
    );
    await pidOf(place);
    const call = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
      const url = `http://127.0.0.1:${place.server.webAddress?.port}/bots/wild${path}`;
      return (await fetch(url, { method: "POST", body: "hooked", headers })).status;
    };
    assert.deepEqual([await call("/secret"), await call("/secret")], [401, 401]);
    assert.deepEqual([await call("/hook"), await call("/hook")], [201, 429]);
    const headers = { authorization: "Bearer a-secret" };
    assert.deepEqual([await call("/secret", headers), await call("/secret", headers)], [204, 429]);
    assert.equal(await call("/secret"), 401);
  });

  test("is refused where it cannot be", async () => {
    const refused = async (name: string, text: string, store?: Store): Promise<string> => {
      try {
        await using place = await startPlace({ [`${name}/bot.ts`]: text }, {}, store);
        return `it runs: ${place.server.address.port}`;
      } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.message;
      }
    };
    const help = wildText().replace('name: "wild"', 'name: "help"');
    assert.match(
      await refused("help", help),
      /help cannot have a process of its own .* looks after the others/,
    );
    for (const policy of ['"ask"', '{ allow: ["example.com"], otherwise: "ask" }']) {
      const asking = wildText().replace('name: "wild"', `name: "wild", contacts: { policy: ${policy} }`);
      assert.match(await refused("wild", asking), /cannot have the policy "ask"; give it another/);
    }
    await using shared = new SharedMemory({ leaseDuration: 10_000 }).open();
    assert.match(await refused("wild", wildText(), shared), /not to be had with PostgreSQL/);
    const torn = wildText().replace(
      'bot.hears("version"',
      'if (process.send) throw new Error("torn"); bot.hears("version"',
    );
    assert.match(await refused("wild", torn), /the bot wild cannot be set up: torn/);
  });
});
