import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import {
  DownloadError,
  type DownloadErrorReason,
  Downloader,
  type DownloaderOptions,
} from "../../../src/outbound/index.ts";
import { Jid } from "../../../src/stanza/index.ts";
import { CERTIFICATE, KEY } from "./tls.ts";

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

describe("downloads", () => {
  const requests: IncomingMessage[] = [];
  let answer = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "image/png; charset=none" }).end(PNG);
  };
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const asIt = answer;
  let port: number;

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Tells names apart as no resolver of this machine would, and counts how often it is asked. */
  const asked: string[] = [];
  const names: Record<string, string[]> = {
    "files.test": ["127.0.0.1"],
    "other.test": ["127.0.0.1"],
    "half.test": ["8.8.8.8", "127.0.0.1"],
    "cloud.test": ["169.254.169.254"],
  };
  const lookup = ((host: string, _: unknown, callback: (error: null, all: LookupAddress[]) => void) => {
    asked.push(host);
    callback(
      null,
      (names[host] ?? []).map((address) => ({ address, family: 4 })),
    );
  }) as unknown as DownloaderOptions["lookup"];

  const downloader = (options: DownloaderOptions = {}): Downloader =>
    new Downloader({ privateHosts: ["files.test"], ca: CERTIFICATE, lookup, ...options });
  const at = (path = "/cat.png", host = "files.test"): string => `https://${host}:${port}${path}`;

  const refused = async (
    download: Promise<unknown>,
    reason: DownloadErrorReason,
    message: RegExp,
  ): Promise<void> => {
    const before = requests.length;
    await assert.rejects(download, (error) => {
      assert.ok(error instanceof DownloadError, String(error));
      assert.equal(error.reason, reason, error.message);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(requests.length, before, "nothing was asked of the server");
  };

  const failed = async (
    download: Promise<unknown>,
    reason: DownloadErrorReason,
    message: RegExp,
  ): Promise<void> => {
    await assert.rejects(download, (error) => {
      assert.ok(error instanceof DownloadError, String(error));
      assert.equal(error.reason, reason, error.message);
      assert.match(error.message, message);
      return true;
    });
  };

  test("give the bytes and their media type", async () => {
    const { data, mediaType } = await downloader().download(at());
    assert.deepEqual([Buffer.from(data), mediaType], [PNG, "image/png"]);
    assert.equal(requests.at(-1)?.headers["accept-encoding"], "identity");
  });

  test("are of https alone, and without a password", async () => {
    const here = downloader();
    for (const url of [
      `http://files.test:${port}/`,
      "file:///etc/passwd",
      "data:,hello",
      "ftp://files.test/",
      "gopher://x",
      "",
      "cat.png",
    ])
      await refused(here.download(url), "url", /only what has an https URL/);
    await refused(here.download("aesgcm://files.test/cat.png#key"), "url", /encrypted/);
    await refused(
      here.download(`https://user:secret@files.test:${port}/`),
      "url",
      /^(?!.*secret).*user or a password/,
    );
  });

  test("come from public addresses alone, however these are written", async () => {
    const here = downloader();
    for (const host of [
      "127.0.0.1",
      "127.1",
      "0x7f000001",
      "2130706433",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "10.0.0.1",
      "169.254.169.254",
      "[fe80::1]",
    ])
      await refused(
        here.download(`https://${host}:${port}/`),
        "address",
        /not at a public address.*downloads\.privateHosts/,
      );
    for (const host of ["other.test", "half.test", "cloud.test"])
      await refused(here.download(at("/", host)), "address", /not at a public address/);
    await refused(downloader({ privateHosts: [] }).download(at()), "address", /not at a public address/);
  });

  test("may be from an address that the operator names", async () => {
    const here = downloader({ privateHosts: ["127.0.0.1"] });
    assert.deepEqual(Buffer.from((await here.download(at("/", "127.0.0.1"))).data), PNG);
  });

  test("connect to the address that was checked, though the name means another by then", async () => {
    const here = downloader();
    const count = asked.length;
    await here.download(at());
    assert.equal(asked.length, count + 1, "the name is looked up once");
  });

  test("come from the hosts that the operator lists, if any", async () => {
    await refused(downloader({ hosts: ["upload.test"] }).download(at()), "host", /downloads\.hosts/);
    await downloader({ hosts: ["files.test"] }).download(at());
  });

  test("follow nobody elsewhere", async () => {
    answer = (_, response) => response.writeHead(302, { location: "https://127.0.0.1/" }).end();
    const count = requests.length;
    await failed(downloader().download(at()), "redirect", /files\.test sends elsewhere.*302/);
    assert.equal(requests.length, count + 1);
  });

  test("tell what the web server says instead, and not the secret in the URL", async () => {
    answer = (_, response) => response.writeHead(404).end("<html>");
    await failed(downloader().download(at("/?token=secret")), "status", /^(?!.*secret).*404/);
  });

  test("are no larger than allowed, whatever the web server claims", async () => {
    const here = downloader({ maxBytes: 1000 });
    answer = (_, response) => response.writeHead(200, { "content-length": "1001" }).end(Buffer.alloc(1001));
    await failed(here.download(at()), "size", /larger than 1000 bytes/);
    answer = (_, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (response.writable && response.write(Buffer.alloc(600)));
        if (response.writable) response.once("drain", pour);
      };
      pour();
    };
    await failed(here.download(at()), "size", /larger than 1000 bytes/);
    answer = (_, response) => response.writeHead(200).end(Buffer.alloc(1000));
    assert.equal((await here.download(at())).data.length, 1000);
    await failed(here.download(at(), { maxBytes: 999 }), "size", /larger than 999 bytes/);
    assert.equal((await here.download(at(), { maxBytes: 2000 })).data.length, 1000);
    answer = (_, response) => response.writeHead(200).end(Buffer.alloc(1001));
    await failed(here.download(at(), { maxBytes: 2000 }), "size", /larger than 1000 bytes/);
  });

  test("are of the media types that are wanted, and never packed", async () => {
    answer = asIt;
    const here = downloader();
    await here.download(at(), { mediaTypes: ["image/*"] });
    await here.download(at(), { mediaTypes: ["text/plain", "image/png"] });
    await failed(
      here.download(at(), { mediaTypes: ["image/jpeg", "text/*"] }),
      "type",
      /image\/png, not image\/jpeg or text\/\*/,
    );
    for (const type of [
      "png",
      "image/",
      "image/x y",
      "<b>/png",
      `image/${"x".repeat(10_000)}`,
      "\xe9/\xe9",
    ]) {
      answer = (_, response) => response.writeHead(200, { "content-type": type }).end(PNG);
      assert.equal((await here.download(at())).mediaType, "application/octet-stream", type.slice(0, 20));
      await failed(here.download(at(), { mediaTypes: ["image/*"] }), "type", /^.{0,100}$/);
    }
    answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(PNG);
    await failed(here.download(at()), "type", /packed/);
  });

  test("take no longer than allowed, be it for the head or the body", async () => {
    const here = downloader({ timeout: 100 });
    answer = () => undefined;
    await failed(here.download(at()), "time", /within 100 ms/);
    answer = (_, response) => void response.writeHead(200).write("a");
    await failed(here.download(at()), "time", /within 100 ms/);
    const stop = new AbortController();
    answer = () => stop.abort(new Error("enough"));
    await assert.rejects(downloader().download(at(), { signal: stop.signal }), /^Error: enough$/);
  });

  test("are given up when they come too slowly, however little that is at a time", async () => {
    const here = downloader({ patience: 50 });
    answer = () => undefined;
    await failed(here.download(at()), "time", /files\.test sent less than 10240 bytes of the file in 50 ms/);
    answer = (_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("a"), 5);
      response.once("close", () => clearInterval(drip));
    };
    await failed(here.download(at()), "time", /too slow/);
  });

  test("leave places to others, be it another web server, bot, domain or account", async () => {
    const stuck: ServerResponse[] = [];
    const party = (bot: string, sender: string) => ({
      party: { bot: Jid.parse(`${bot}@bots.test`), sender: Jid.parse(sender) },
    });
    const slow = Array.from({ length: 8 }, (_, index) => index);
    const parties: [string, (index: number) => readonly [string, string, string]][] = [
      ["web server", (index) => ["files.test", `bot${index}`, `mallory@${index}.test`]],
      ["bot", (index) => [`${index}.test`, "one", `mallory@${index}.test`]],
      ["domain", (index) => [`${index}.test`, `bot${index}`, `mallory${index}@evil.test`]],
      ["account", (index) => [`${index}.test`, `bot${index}`, `mallory@evil.test/${index}`]],
    ];
    for (const index of slow) names[`${index}.test`] = ["127.0.0.1"];
    const privateHosts = ["files.test", "other.test", ...slow.map((index) => `${index}.test`)];
    for (const [what, of] of parties) {
      const here = downloader({ privateHosts, timeout: 5_000 });
      const stop = new AbortController();
      answer = ({ url }, response) => (url === "/slow" ? void stuck.push(response) : response.end(PNG));
      const held = slow.map((index) => {
        const [host, bot, sender] = of(index);
        const options = { ...party(bot, sender), signal: stop.signal };
        return here.download(at("/slow", host), options).catch(() => undefined);
      });
      const { data } = await here.download(
        at("/cat.png", "other.test"),
        party("another", "juliet@example.net"),
      );
      assert.equal(data.length, PNG.length, what);
      stop.abort();
      await Promise.all(held);
    }
  });

  test("wait for each other when there are many", async () => {
    const here = downloader({ concurrency: 2 });
    const waiting: ServerResponse[] = [];
    let most = 0;
    answer = (_, response) => {
      waiting.push(response);
      most = Math.max(most, waiting.length);
      setTimeout(() => waiting.shift()?.end(PNG), 10);
    };
    await Promise.all(Array.from({ length: 20 }, () => here.download(at())));
    assert.ok(most <= 2, `${most} at once`);
  });

  test("trust no certificate but those of the system, and say so", async () => {
    const here = new Downloader({ privateHosts: ["files.test"], lookup });
    await failed(here.download(at()), "connection", /files\.test: DEPTH_ZERO_SELF_SIGNED_CERT/);
  });
});
