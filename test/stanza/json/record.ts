/**
 * Records what real servers make of the input of every pair in golden/, and of every example in LOSSES. To add a pair,
 * write its name, direction and input into a file there and run
 *
 *     node --import tsx test/stanza/json/record.ts && npm run format
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { LOSSES } from "../../../src/stanza/index.ts";
import { type EchoServer, startEchoServer } from "./echo.ts";
import { type Golden, goldenFiles } from "./golden.ts";

await using trixie = await startEchoServer("trixie");
await using sid = await startEchoServer("sid");

for (const { file, pairs } of goldenFiles()) {
  await record(file, file.pathname.endsWith("/losses.json") ? examples() : pairs);
}

function examples(): Golden[] {
  return Object.entries(LOSSES).map(([name, { direction, xml, json }]) => {
    const input = direction === "to-json" ? { xml } : { json };
    return { name, direction, ...input, servers: [] } as unknown as Golden;
  });
}

async function record(file: URL, pairs: readonly Golden[]): Promise<void> {
  const recorded: string[] = [];
  for (const pair of pairs) {
    const [one, other] = await Promise.all([trixie, sid].map((server: EchoServer) => server.record(pair)));
    // A difference would need two mappings; until then, none.
    assert.deepEqual(other, one, `${pair.name}: the servers differ`);
    recorded.push(JSON.stringify({ ...one, servers: [trixie.version, sid.version] }, undefined, 1));
  }
  writeFileSync(file, `[\n${recorded.join(",\n")}\n]\n`);
}
