import { describe, it } from "node:test";
import { SqliteStore } from "../../../src/store/index.ts";
import { type Acknowledged, Committer, checkCommitted } from "../support/committed.ts";
import { Folder } from "../support/folder.ts";

/** Stores that are killed side by side, as most of the time goes into starting processes. */
const FILES = 4;
/** How often to kill in all; set RESTANZA_TEST_KILLS for more. */
const KILLS = Number(process.env["RESTANZA_TEST_KILLS"] ?? 60);

const COMMITTER = new URL("./committer.ts", import.meta.url);

/** Some kills come while it starts, recovers and creates its file; most in the middle of commits. */
async function killSomewhere(committer: Committer): Promise<void> {
  const anyTime = Math.random() < 0.2;
  if (anyTime) await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
  else await committer.after(1 + Math.floor(Math.random() * 120));
  await committer.kill();
}

/** @returns how many commits there are in the end. */
async function killOften(file: string, kills: number): Promise<number> {
  const acknowledged: Acknowledged = new Map();
  for (let kill = 0; kill < kills; kill += 1) {
    await killSomewhere(new Committer(COMMITTER, file, acknowledged));
    await using store = await SqliteStore.open({ file });
    await checkCommitted(store, acknowledged);
  }
  return [...acknowledged.values()].reduce((sum, number) => sum + number, 0);
}

describe("SqliteStore under kill -9", () => {
  it(`has every acknowledged commit, whole and in order, after each of ${KILLS} kills`, async (context) => {
    using folder = new Folder();
    const totals = await Promise.all(
      Array.from({ length: FILES }, (_, index) => {
        const kills = Math.floor((KILLS + index) / FILES);
        return killOften(folder.file(`${index}.sqlite`), kills);
      }),
    );
    const total = totals.reduce((sum, number) => sum + number, 0);
    context.diagnostic(`${KILLS} kills, ${total} commits, none lost, halved or out of order`);
  });
});
