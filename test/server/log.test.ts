import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../src/callback/index.ts";
import { createLog } from "../../src/server/index.ts";
import { RefusalLog } from "../../src/server/refusal-log.ts";

function collected(level: Parameters<typeof createLog>[0] = "debug") {
  const lines: Record<string, unknown>[] = [];
  const log = createLog(level, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

test("what is named like a secret is not logged, at the top or one below", () => {
  const { log, lines } = collected();
  for (const name of ["authorization", "token", "secret", "password"]) {
    log.info({ [name]: "hush", headers: { [name]: "hush" }, kept: 1 }, "something");
    assert.deepEqual(lines.at(-1)?.[name], "[redacted]");
    assert.deepEqual(lines.at(-1)?.["headers"], { [name]: "[redacted]" });
    assert.equal(lines.at(-1)?.["kept"], 1);
  }
  assert.ok(!JSON.stringify(lines).includes("hush"));
});

test("the level is kept to", () => {
  const { log, lines } = collected("warn");
  log.info("no");
  log.warn("yes");
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ["yes"],
  );
});

test("the first refusal for a reason is logged at once, then one an interval, with the number left out", () => {
  const { log, lines } = collected();
  let now = 0;
  const refusals = new RefusalLog(log, 1_000, () => now);
  const refuse = (reason: "forged" | "malformed") =>
    refusals.refused(new Refusal(reason, `because ${reason}`));
  for (let count = 0; count < 50; count += 1) refuse("forged");
  refuse("malformed");
  now = 999;
  refuse("forged");
  assert.deepEqual(
    lines.map(({ reason }) => reason),
    ["forged", "malformed"],
  );
  now = 1_000;
  refuse("forged");
  now = 2_000;
  refuse("forged");
  assert.deepEqual(
    lines.slice(2).map(({ reason, alsoRefused }) => [reason, alsoRefused]),
    [
      ["forged", 50],
      ["forged", undefined],
    ],
  );
  assert.ok(lines.every(({ level }) => level === 40));
});

test("a failure of our own is an error, with what led to it", () => {
  const { log, lines } = collected();
  new RefusalLog(log).refused(new Refusal("failed", "could not", { cause: new Error("the reason") }));
  assert.equal(lines[0]?.["level"], 50);
  assert.match(JSON.stringify(lines[0]?.["err"]), /the reason/);
});
