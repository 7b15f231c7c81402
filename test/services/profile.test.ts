import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  readLastActivity,
  readTime,
  readVCard,
  readVCard4,
  readVersion,
  type VCard4Property,
} from "../../src/xep/index.ts";
import { ask, refusal, served } from "./support.ts";

const ECHO = "echo@bots.example";

describe("the profile of a bot", () => {
  it("is its vCard (XEP-0054 §3.3), with its avatar", async () => {
    const at = served();
    const { avatar } = at.bot("echo").identity.profile;
    const { photo, ...texts } = readVCard(await ask(ECHO, "<vCard xmlns='vcard-temp'/>", at));
    assert.deepEqual(Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)), {
      fullName: "echo",
      nickname: "echo",
      jid: ECHO,
      description: "is echo",
    });
    assert.equal(photo?.type, "image/png");
    assert.deepEqual(Buffer.from(photo?.data ?? []), Buffer.from(avatar?.data ?? []));
  });

  it("is its vCard4, asked for as before version 0.12 of XEP-0292", async () => {
    const at = served();
    const card = readVCard4(await ask(ECHO, "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>", at));
    const text = (name: string): string | undefined =>
      card.find((property: VCard4Property) => property.name === name)?.values[0]?.text;
    assert.deepEqual(["kind", "fn", "nickname", "impp", "note"].map(text), [
      "application",
      "echo",
      "echo",
      `xmpp:${ECHO}`,
      "is echo",
    ]);
    const data = Buffer.from(at.bot("echo").identity.profile.avatar?.data ?? []).toString("base64");
    assert.equal(text("photo"), `data:image/png;base64,${data}`);
  });

  it("is the software (XEP-0092 §3), which tells nothing of the machine", async () => {
    const { name, version, os } = readVersion(await ask(ECHO, "<query xmlns='jabber:iq:version'/>"));
    assert.equal(name, "restanza");
    assert.match(version ?? "", /^\d+\.\d+\.\d+/);
    assert.equal(os, undefined);
  });

  it("is its time (XEP-0202 §2), in the zone of the process", async () => {
    const before = Math.floor(Date.now() / 1_000);
    const zone = process.env["TZ"];
    try {
      for (const [name, offset] of [
        ["UTC", "+00:00"],
        ["Asia/Kolkata", "+05:30"],
        ["America/Caracas", "-04:00"],
      ]) {
        process.env["TZ"] = name;
        const time = readTime(await ask(ECHO, "<time xmlns='urn:xmpp:time'/>"));
        assert.equal(time.zone, offset);
        assert.ok((time.utc?.getTime() ?? 0) >= before * 1_000);
      }
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });

  it("is that it is there, and of the service for how long it runs (XEP-0012 §3, §5)", async () => {
    const query = "<query xmlns='jabber:iq:last'/>";
    assert.deepEqual(readLastActivity(await ask(ECHO, query)), { seconds: 0, status: undefined });
    assert.ok((readLastActivity(await ask("bots.example", query)).seconds ?? -1) >= 0);
  });

  it("is not for others to change (XEP-0054 §3.2)", async () => {
    assert.equal(
      (await refusal(ECHO, "<vCard xmlns='vcard-temp'/>", "set")).condition,
      "service-unavailable",
    );
  });
});
