import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Outbox } from "../../../src/outbound/index.ts";
import { SqliteStore } from "../../../src/store/index.ts";
import { Folder } from "../../store/support/folder.ts";
import { ScriptedServer } from "../scripted-server.ts";
import { DOMAIN, FAST_CLOCK } from "./support.ts";
import { Unreliable, WHIMS, type Whim } from "./unreliable.ts";

/** How often to kill; set RESTANZA_TEST_KILLS for more. */
const KILLS = Number(process.env["RESTANZA_TEST_KILLS"] ?? 15);
const PEOPLE = 5;

interface Told {
  /** How many were asked for, by conversation: the numbers below may have been queued. */
  readonly asked: number[];
  /** The ids of those that were said to be queued or sent. */
  readonly safe: Set<string>;
}

/** Lets a process send until it has been told that so many are safe, and kills it in the middle of what it does. */
async function sendAndKill(file: string, origin: string, told: Told, most: number): Promise<void> {
  const script = fileURLToPath(new URL("./sender-process.ts", import.meta.url));
  const args = ["--import", "tsx", script, file, `${origin}/rest`, ...told.asked.map(String)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let count = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [what, person = "", number = ""] = line.split(" ");
    if (what === "asked") {
      told.asked[Number(person)] = Number(number) + 1;
      return;
    }
    told.safe.add(`p${person} ${number}`);
    count += 1;
    if (count === most) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  assert.equal(signal, "SIGKILL", "the sender ended by itself");
}

describe("an outbox under kill -9", () => {
  it(`loses nothing that was acknowledged, and keeps the order, over ${KILLS} kills`, async (context) => {
    using folder = new Folder();
    const file = folder.file();
    const whim = (): Whim =>
      Math.random() < 0.7 ? "accept" : (WHIMS[Math.floor(Math.random() * WHIMS.length)] as Whim);
    const prosody = new Unreliable(whim);
    await using server = await ScriptedServer.start(prosody.script);
    const told: Told = { asked: Array.from({ length: PEOPLE }, () => 0), safe: new Set() };
    for (let kill = 0; kill < KILLS; kill += 1) {
      await sendAndKill(file, server.origin, told, 1 + Math.floor(Math.random() * 150));
    }
    prosody.whim = () => "accept";
    await using store = await SqliteStore.open({ file });
    await using client = server.client({ domain: DOMAIN });
    await using outbox = new Outbox({ store, clients: new Map([[DOMAIN, client]]), clock: FAST_CLOCK });
    outbox.start();
    await outbox.idle();
    const taken = new Set(prosody.taken);
    for (const id of told.safe) assert.ok(taken.has(id), `${id} was acknowledged, and never arrived`);
    for (let person = 0; person < PEOPLE; person += 1) {
      const numbers = prosody.firsts(`p${person}`).map((id) => Number(id.split(" ")[1]));
      assert.deepEqual(
        numbers,
        numbers.toSorted((one, other) => one - other),
        `p${person}: the order`,
      );
    }
    assert.deepEqual(await store.counts("outbox"), { waiting: 0, dead: 0 });
    // A crash repeats what was on its way, of each conversation one.
    assert.ok(prosody.needless.length <= KILLS * PEOPLE, `${prosody.needless.length} were sent needlessly`);
    context.diagnostic(
      `${KILLS} kills, ${told.safe.size} acknowledged, ${taken.size} taken, ${prosody.duplicates} arrived again, of which ${prosody.needless.length} by kills`,
    );
  });
});
