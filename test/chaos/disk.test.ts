import assert from "node:assert/strict";
import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SqliteStore } from "../../src/store/index.ts";
import { until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";
import { onDouble } from "./support/connect.ts";
import { type Installation, install } from "./support/installation.ts";
import { lastWords, observe, speak } from "./support/observed.ts";
import { settle } from "./support/verdict.ts";

/** How often the disk fails in each test; more for a long run: `RESTANZA_DISK_FAULTS=100 npm test`. */
const FAULTS = Number(process.env["RESTANZA_DISK_FAULTS"] ?? 2);
/** SQLITE_IOERR_FSYNC. */
const FSYNC_ERROR = 10 | (4 << 8);

/*
 * While the disk fails, what was acknowledged waits, and its conversation with it; what comes new is not acknowledged. Neither
 * ends the process, and both go on when the disk does.
 */

/** Something that happens to the disk of a process for a while. */
interface Trouble {
  /** What is run in the place of `restanza serve`. */
  readonly program?: string;
  begin(restanza: ChildProcess): unknown;
  end(restanza: ChildProcess): unknown;
}

async function run(
  t: TestContext,
  installation: Installation,
  stack: AsyncDisposableStack,
  { program, begin, end }: Trouble,
): Promise<void> {
  const accounts = await observe(installation, stack);
  const restanza = await startRestanza(installation.settings, program);
  stack.defer(() => void restanza.kill("SIGKILL"));
  const people = await onDouble(installation, accounts, stack);
  const hush = speak(people, 20);
  stack.defer(hush);
  for (let fault = 0; fault < FAULTS; fault += 1) {
    const before = accounts.acknowledged;
    await until(() => accounts.acknowledged > before + 30, "more acknowledged", 30_000);
    await begin(restanza);
    await sleep(300 + Math.random() * 700);
    await end(restanza);
    assert.equal(restanza.exitCode ?? restanza.signalCode, null, "the process survives");
  }
  hush();
  await lastWords(people, accounts);
  restanza.kill("SIGTERM");
  assert.deepEqual(await once(restanza, "exit"), [0, null]);
  await using store = await SqliteStore.open({ file: installation.file });
  t.diagnostic(`${FAULTS} times: ${JSON.stringify(await settle(accounts, store))}`);
}

test(`${FAULTS} times the disk takes not a byte: nothing acknowledged is lost, and it goes on`, async (t) => {
  await using stack = new AsyncDisposableStack();
  const limit = ({ pid }: ChildProcess, bytes: string): void => {
    // The soft limit alone, or it could not be raised again.
    execFileSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:`]);
  };
  await run(t, stack.use(await install()), stack, {
    begin: (restanza) => limit(restanza, "0"),
    end: (restanza) => limit(restanza, "unlimited"),
  });
});

test(`${FAULTS} times the disk is full: nothing acknowledged is lost, and it goes on`, async (t) => {
  await using stack = new AsyncDisposableStack();
  const installation = stack.use(await install());
  const folder = join(installation.folder, "small");
  await mkdir(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    t.skip(`a disk of its own needs root, and a system that lets root mount: ${(error as Error).message}`);
    return;
  }
  stack.defer(() => void execFileSync("umount", ["--lazy", folder]));
  const file = join(folder, "store.sqlite");
  const small = { ...installation, file, settings: { ...installation.settings, RESTANZA_STORE: file } };
  const ballast = join(folder, "ballast");
  await run(t, small, stack, {
    begin: () => assert.rejects(writeFile(ballast, Buffer.alloc(8 * 1024 * 1024)), /ENOSPC/),
    end: () => rm(ballast),
  });
});

test(`${FAULTS} times the disk fails to sync: nothing acknowledged is lost, and it goes on`, async (t) => {
  await using stack = new AsyncDisposableStack();
  const program = new URL("./support/faulty-restanza.ts", import.meta.url).pathname;
  const fail = (restanza: ChildProcess, times: number): Promise<void> =>
    new Promise((resolve, reject) => {
      restanza.send({ times, code: FSYNC_ERROR }, (error) => (error ? reject(error) : resolve()));
    });
  await run(t, stack.use(await install()), stack, {
    program,
    // Sometimes a few times, sometimes until it is mended.
    begin: (restanza) => fail(restanza, Math.random() < 0.5 ? 5 : 1_000_000),
    end: (restanza) => fail(restanza, 0),
  });
});
