import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { generateAvatar } from "../../../src/bot/profile/generated-avatar.ts";
import { readImage } from "../../../src/bot/profile/image.ts";

describe("a picture", () => {
  it("tells its size in each format that does", () => {
    const gif = Buffer.from("474946383961400030008000", "hex");
    const jpeg = Buffer.from("ffd8ffe000104a46494600010100000100010000ffc00011080030004003012200", "hex");
    const webp = Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(4), Buffer.from("WEBPVP8 ")]);
    assert.deepEqual(
      [gif, jpeg, webp].map((data) => {
        const { type, width, height } = readImage(data, "it");
        return [type, width, height];
      }),
      [
        ["image/gif", 64, 48],
        ["image/jpeg", 64, 48],
        ["image/webp", undefined, undefined],
      ],
    );
  });

  it("is read to its end at most, whatever it says", () => {
    const head = fc.constantFrom("89504e470d0a1a0a", "474946383961", "ffd8ff", "52494646");
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        try {
          readImage(Buffer.concat([Buffer.from(start, "hex"), rest]), "it");
        } catch (error) {
          assert.match(String(error), /no picture that XMPP clients show/);
        }
      }),
    );
  });
});

describe("a drawn avatar", () => {
  it("is the same for the same name, to the byte, and small", () => {
    const avatar = generateAvatar("echo");
    assert.equal(createHash("sha1").update(avatar).digest("hex"), "c64d316ec97ca4e2ba772f4d61b08c14517f2642");
    assert.ok(avatar.length < 2_048);
    const { type, width, height } = readImage(avatar, "it");
    assert.deepEqual([type, width, height], ["image/png", 96, 96]);
  });

  it("is another one for another name, the same from left and right, and has a face", () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200; index += 1) {
      const rows = pixels(generateAvatar(`bot${index}`));
      seen.add(rows.join("\n"));
      for (const row of rows) assert.equal(row, [...row].reverse().join(""));
      // Eyes in a body.
      const [body, eye] = ["#".repeat(8), ".".repeat(8)];
      assert.equal(rows[44]?.slice(24, 72), body + eye + body + body + eye + body);
    }
    assert.ok(seen.size > 190, `${seen.size} of 200`);
  });
});

/** What is drawn, a character for a pixel. */
function pixels(png: Uint8Array): string[] {
  const bytes = Buffer.from(png);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(data));
  return Array.from({ length: 96 }, (_, y) =>
    Array.from({ length: 96 }, (_each, x) =>
      ((raw[y * 13 + 1 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? "#" : ".",
    ).join(""),
  );
}
