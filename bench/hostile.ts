/**
 * What a refused body costs, from its bytes to the refusal: CPU per 100 kB, by the kind of attack.
 * Run with `node --import tsx bench/hostile.ts`; RESTANZA_SEED chooses the bodies.
 */
import { decodeStanza, type WireFormat } from "../src/callback/decode.ts";
import { Refusal } from "../src/callback/index.ts";
import { disagreement, readRequestLine } from "../src/callback/request-line.ts";
import { ALICE, PLAIN, target } from "../test/callback/support/harness.ts";
import {
  badUtf8,
  excessiveXml,
  hostileForm,
  hostileJson,
  type MakeBody,
  malformedXml,
  notAStanza,
} from "../test/hostile/support/bodies.ts";
import { Random } from "../test/hostile/support/random.ts";

const SEED = Number(process.env["RESTANZA_SEED"] ?? 1);
const BODIES = 400;
const SIZES = [1_000, 100_000, 900_000];
const AIM = 10;

const KINDS: readonly (readonly [name: string, format: WireFormat, make: MakeBody])[] = [
  ["malformed XML", "xml", malformedXml],
  ["too much XML", "xml", excessiveXml],
  ["XML that is no stanza", "xml", notAStanza],
  ["bad UTF-8", "xml", badUtf8],
  ["hostile JSON", "json", hostileJson],
  ["hostile forms", "form", hostileForm],
];

const line = readRequestLine(target({ from: ALICE, to: `echo@${PLAIN}`, type: "chat" }));

/** Whether a body is refused, by what it says or by what the request line says. */
function isRefused(format: WireFormat, body: Uint8Array): boolean {
  try {
    return disagreement(line, decodeStanza(format, body, {})) !== undefined;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

/** CPU time of a call in ms, the best of three. */
function cost(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const rows: string[][] = [
  ["ms of CPU per 100 kB", "all", "dearest body of 50 kB or more", "its first 60 bytes"],
];
for (const [name, format, make] of KINDS) {
  const random = new Random(SEED);
  const bodies = Array.from({ length: BODIES }, (_, index) =>
    Buffer.from(make(random, SIZES[index % SIZES.length] as number)),
  );
  for (const body of bodies) isRefused(format, body);
  const bytes = bodies.reduce((sum, { length }) => sum + length, 0);
  const total = cost(() => {
    for (const body of bodies) isRefused(format, body);
  });
  const all = (total / bytes) * 100_000;
  let dearest = { per: 0, body: Buffer.alloc(0) };
  for (const body of bodies) {
    if (body.length < 50_000) continue;
    const per = (cost(() => isRefused(format, body)) / body.length) * 100_000;
    if (per > dearest.per) dearest = { per, body };
  }
  rows.push([
    name,
    all.toFixed(2),
    dearest.per.toFixed(2),
    JSON.stringify(dearest.body.toString("utf8", 0, 60)),
  ]);
}
const widths = (rows[0] as string[]).map((_, column) =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0)),
);
for (const row of rows)
  process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] as number)).join("  ")}\n`);
process.stdout.write(`The aim is under ${AIM} ms.\n`);
