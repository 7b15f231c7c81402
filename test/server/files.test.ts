import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { DownloadError } from "../../src/outbound/index.ts";
import { FileServices } from "../../src/server/files.ts";
import { checkConfig } from "../../src/server/index.ts";
import { createRestClient } from "../../src/server/rest.ts";

const MOUNT = {
  domain: "bots.example.org",
  rest: { url: "http://127.0.0.1:5280/rest", token: "a-token" },
  callback: { auth: ["prosody:callback-secret"] },
};

function filesWith(downloads: Parameters<typeof checkConfig>[0]["downloads"]) {
  const config = checkConfig({ mounts: [MOUNT], downloads }, {});
  const [mount] = config.mounts;
  assert.ok(mount);
  return new FileServices(config).for(mount, createRestClient(mount, pino({ level: "silent" })));
}

const refuses = (downloads: Parameters<typeof filesWith>[0], reason: string, url = "https://127.0.0.1/") =>
  assert.rejects(
    filesWith(downloads).download(url),
    (error) => error instanceof DownloadError && error.reason === reason,
  );

test("nothing is downloaded unless the operator says so, and what that takes is said", async () => {
  await refuses(undefined, "off");
  await refuses({ maxBytes: 1 }, "off");
  await assert.rejects(
    filesWith({ enabled: false }).download("https://example.org/"),
    /RESTANZA_DOWNLOADS=true/,
  );
});

test("where it is, the guard stands, with what the operator allows", async () => {
  await refuses({ enabled: true }, "address");
  await refuses({ enabled: true, hosts: ["files.example.org"] }, "host");
  await refuses({ enabled: true, privateHosts: ["127.0.0.1"] }, "connection", "https://127.0.0.1:1/");
});

test("what cannot be meant is refused with a word on what to do", () => {
  const wrong = (settings: object, message: RegExp) =>
    assert.throws(() => checkConfig({ mounts: [MOUNT], ...settings } as never, {}), message);
  wrong({ downloads: { hosts: [] } }, /hosts is empty, so nothing could be downloaded/);
  wrong(
    { downloads: { privateHosts: ["https://files"] } },
    /is no host; give a name such as files\.example\.org/,
  );
  wrong(
    { mounts: [{ ...MOUNT, upload: { service: "a b@@" } }] },
    /is no address; give that of the upload service/,
  );
});
