import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { profileOf } from "../../../src/bot/index.ts";
import { generateAvatar } from "../../../src/bot/profile/generated-avatar.ts";

const bot = { name: "remind", summary: "reminds you of things" };

describe("the profile of a bot", () => {
  it("has a default for everything", () => {
    const { nick, avatar, description, url, software } = profileOf(bot);
    assert.deepEqual([nick, description, url], ["remind", "reminds you of things", undefined]);
    assert.deepEqual(Buffer.from(avatar?.data ?? []), Buffer.from(generateAvatar("remind")));
    assert.equal(software.name, "restanza");
  });

  it("is what the operator says, then what the bot says", () => {
    const own = { nick: "Reminder", url: "https://example.org/remind", avatar: false } as const;
    const shown = profileOf({ ...bot, profile: own }, { nick: "Erinnerer", description: undefined });
    assert.deepEqual(
      [shown.nick, shown.url, shown.avatar, shown.description],
      ["Erinnerer", "https://example.org/remind", undefined, "reminds you of things"],
    );
  });

  it("has a picture from a file, by its path or its URL, or from bytes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "restanza-profile-"));
    try {
      const path = join(folder, "a picture.png");
      const bytes = generateAvatar("somebody else");
      await writeFile(path, bytes);
      for (const avatar of [path, pathToFileURL(path), pathToFileURL(path).href, bytes])
        assert.deepEqual(
          Buffer.from(profileOf(bot, { avatar }).avatar?.data ?? []),
          Buffer.from(bytes),
          String(avatar),
        );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is refused where it cannot be shown, with what to do", () => {
    assert.throws(() => profileOf(bot, { nick: " " }), /the nick of remind is empty: give what it goes by/);
    assert.throws(
      () => profileOf(bot, { nick: "a\u0007" }),
      /the profile of remind cannot be told: "a\\u0007" has characters that XML has not/,
    );
    assert.throws(() => profileOf(bot, { url: "example" }), /the url of remind is none: "example"/);
    assert.throws(
      () => profileOf(bot, { avatar: new URL("https://example.org/a.png") }),
      /is not a file here: give a path/,
    );
    assert.throws(
      () => profileOf(bot, { avatar: "/nowhere/a.png" }),
      /nowhere\/a\.png cannot be read \(ENOENT\)/,
    );
    assert.throws(
      () => profileOf(bot, { avatar: Buffer.from("<svg/>") }),
      /no picture that XMPP clients show/,
    );
    const large = Buffer.concat([generateAvatar("x"), Buffer.alloc(128 * 1024)]);
    assert.throws(() => profileOf(bot, { avatar: large }), /has 132\d{3} bytes, and at most 131072 fit/);
  });
});
