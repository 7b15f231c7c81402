import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { isSignatureKey, Refusal, SignatureVerifier } from "../../src/callback/index.ts";
import { memoryInUse } from "./support/memory.ts";

const KEYS = [1, 2, 3].map((fill) => `whsec_${Buffer.alloc(32, fill).toString("base64")}`);
const [KEY = "", OTHER = "", STRANGER = ""] = KEYS;
const BODY = Buffer.from("<message><body>é 😀</body></message>");
const START = 1_800_000_000_000;

/** Headers as the reference implementation of the standard makes them. */
function sign(
  id: string,
  seconds: number,
  { key = KEY, body = BODY }: { key?: string; body?: Uint8Array } = {},
) {
  const signer = key.startsWith("whsec_") ? new Webhook(key) : new Webhook(key, { format: "raw" });
  const signature = signer.sign(id, new Date(seconds * 1000), Buffer.from(body).toString());
  return { id, timestamp: `${seconds}`, signature };
}

/** A verifier with a clock that the test sets. */
function verifierAt(keys: readonly string[] = [KEY], tolerance = 120) {
  const clock = { now: START };
  return { clock, verifier: new SignatureVerifier(keys, { tolerance, now: () => clock.now }) };
}

const badSignature = (error: unknown) => error instanceof Refusal && error.reason === "bad-signature";
const replayed = (error: unknown) => error instanceof Refusal && error.reason === "replayed";
const seconds = START / 1000;

test("what the reference implementation signs is let in, with any of two keys, Base64 or plain", () => {
  const plain = "a plain key of some length";
  const { verifier } = verifierAt([KEY, plain]);
  verifier.verify(sign("1", seconds), BODY);
  verifier.verify(sign("2", seconds, { key: plain }), BODY);
  const both = `${sign("3", seconds, { key: STRANGER }).signature} ${sign("3", seconds).signature}`;
  verifier.verify({ ...sign("3", seconds), signature: both }, BODY);
});

test("another key, body, id, time or version is not let in", () => {
  const { verifier } = verifierAt([KEY, OTHER]);
  const good = sign("1", seconds);
  for (const headers of [
    sign("1", seconds, { key: STRANGER }),
    { ...good, id: "2" },
    { ...good, timestamp: `${seconds + 1}` },
    { ...good, signature: good.signature.replace("v1,", "v2,") },
    { ...good, signature: good.signature.slice(3) },
    { ...good, signature: "" },
    { ...good, signature: "v1," },
    { ...good, signature: good.signature.slice(0, -8) },
    { ...good, id: undefined },
    { ...good, timestamp: undefined },
    { ...good, signature: undefined },
    // Only so many are looked at.
    { ...good, signature: `${"v1,AAAA ".repeat(8)}${good.signature}` },
  ]) {
    assert.throws(() => verifier.verify(headers, BODY), badSignature, JSON.stringify(headers));
  }
  assert.throws(() => verifier.verify(good, Buffer.concat([BODY, Buffer.from(" ")])), badSignature);
  verifier.verify(good, BODY);
});

test("the time may differ by the tolerance to the second, either way, and has to be one", () => {
  const { verifier } = verifierAt([KEY], 120);
  verifier.verify(sign("1", seconds - 120), BODY);
  verifier.verify(sign("2", seconds + 120), BODY);
  assert.throws(() => verifier.verify(sign("3", seconds - 121), BODY), badSignature);
  assert.throws(() => verifier.verify(sign("4", seconds + 121), BODY), badSignature);
  for (const timestamp of [
    "",
    "NaN",
    "-1",
    "1e9",
    ` ${seconds}`,
    `${seconds}.0`,
    "9".repeat(13),
    "0x6b49d200",
  ]) {
    assert.throws(() => verifier.verify({ ...sign("5", seconds), timestamp }, BODY), badSignature, timestamp);
  }
});

test("each is let in once, for as long as its time would let it in", () => {
  const { verifier, clock } = verifierAt([KEY], 120);
  // From the future by the whole tolerance: it would be in time for twice that.
  const early = sign("early", seconds + 120);
  verifier.verify(early, BODY);
  for (let at = 0; at <= 240; at += 10) {
    clock.now = START + at * 1000;
    assert.throws(() => verifier.verify(early, BODY), replayed, `${at} s later`);
    verifier.verify(sign(`other ${at}`, seconds + at), BODY);
  }
  clock.now = START + 240_001;
  assert.throws(() => verifier.verify(early, BODY), badSignature);
});

test("a replay is refused whenever the first came and the generations turned", () => {
  // How much later the next comes, and how far ahead of ours its clock is.
  const moment = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -10, max: 10 }));
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 40 }), (moments) => {
      const { verifier, clock } = verifierAt([KEY], 10);
      const sent: ReturnType<typeof sign>[] = [];
      let at = seconds;
      for (const [index, [later, ahead]] of moments.entries()) {
        at += later;
        clock.now = at * 1000;
        const headers = sign(`${index}`, at + ahead);
        verifier.verify(headers, BODY);
        sent.push(headers);
        for (const again of sent) assert.throws(() => verifier.verify(again, BODY), Refusal);
      }
    }),
    { numRuns: 100 },
  );
});

test("one that is forgotten is let in again, also when the generations have turned since", () => {
  const { verifier, clock } = verifierAt([KEY], 10);
  const early = sign("1", seconds + 10);
  verifier.verify(early, BODY);
  clock.now += 20_000;
  verifier.verify(sign("2", seconds + 20), BODY);
  clock.now += 1;
  verifier.verify(sign("3", seconds + 20), BODY);
  assert.throws(() => verifier.verify(early, BODY), Refusal);
  verifier.forget("1");
  const again = sign("1", seconds + 20);
  verifier.verify(again, BODY);
  assert.throws(() => verifier.verify(again, BODY), replayed);
});

test("a forged one is not remembered, so that the true one still gets in", () => {
  const { verifier } = verifierAt();
  const good = sign("1", seconds);
  assert.throws(() => verifier.verify({ ...good, signature: "v1,AAAA" }, BODY), badSignature);
  verifier.verify(good, BODY);
});

test("what is remembered does not grow with time", async () => {
  const { verifier, clock } = verifierAt([KEY], 1);
  const body = Buffer.from("x");
  const grown = async (from: number): Promise<number> => {
    const before = (await memoryInUse()).heap;
    for (let index = 0; index < 2_000; index += 1) {
      clock.now = START + (from + index) * 100;
      const at = Math.floor(clock.now / 1000);
      verifier.verify(sign(`${"an id of some length ".repeat(50)}${from + index}`, at, { body }), body);
    }
    return (await memoryInUse()).heap - before;
  };
  await grown(0);
  assert.ok((await grown(2_000)) < 1_000_000, "2,000 more cost no memory, as the clock goes on");
});

test("what is no key is refused at the start: an empty one would let everybody sign", () => {
  for (const key of [
    "",
    "short",
    "whsec_",
    "whsec_????????????????????????",
    "whsec_AAAA",
    "15 characters..",
  ]) {
    assert.equal(isSignatureKey(key), false, key);
    assert.throws(() => new SignatureVerifier([KEY, key]), TypeError, key);
  }
  for (const key of [KEY, "16 characters...", `whsec_${Buffer.alloc(16).toString("base64")}`])
    assert.ok(isSignatureKey(key), key);
});
