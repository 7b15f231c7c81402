import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  type FileToSend,
  RestHttpError,
  UploadError,
  type UploadErrorReason,
  Uploader,
  type UploaderOptions,
} from "../../../src/outbound/index.ts";
import { type Element, el, iq, Jid, StanzaError } from "../../../src/stanza/index.ts";
import {
  buildDiscoInfo,
  buildDiscoItems,
  buildUploadSlot,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
  NS_UPLOAD,
} from "../../../src/xep/index.ts";
import { type Received, ScriptedServer, status } from "../scripted-server.ts";

const from = Jid.parse("bot@bots.example.org");

/** A server with an upload service beneath it. */
class Service {
  readonly asked: string[] = [];
  slot: (request: Element) => Element;
  limit: string | undefined = "1000";
  taken = true;

  constructor(put: string) {
    this.slot = () =>
      buildUploadSlot({
        put: { url: `${put}/put/cat.png`, headers: { Authorization: "Bearer once", "X-Evil": "1" } },
        get: { url: "https://upload.example.org/get/cat.png" },
      });
  }

  readonly client: UploaderOptions["client"] = {
    iq: async (request) => {
      const { to, payload } = request as { to?: Jid | string; payload: Element };
      const jid = String(to);
      this.asked.push(`${jid} ${payload.name}`);
      const answer = this.#answer(jid, payload);
      if (answer === undefined) throw new StanzaError("service-unavailable", { received: true });
      return iq({ type: "result", id: "1" }, answer);
    },
    exchange: () => Promise.reject(new Error("nobody asks that")),
  };

  #answer(jid: string, payload: Element): Element | undefined {
    if (payload.is("query", NS_DISCO_ITEMS))
      return jid === "example.org"
        ? buildDiscoItems([
            { jid: "rooms.example.org" },
            { jid: "not a jid@@" },
            { jid: "upload.example.org" },
          ])
        : undefined;
    if (payload.is("query", NS_DISCO_INFO)) {
      if (jid !== "upload.example.org" || !this.taken)
        return jid === "rooms.example.org" ? undefined : buildDiscoInfo([], []);
      const value = (name: string, text: string) => el("field", { var: name }, el("value", {}, text));
      const form = el(
        "x",
        { xmlns: "jabber:x:data", type: "result" },
        value("FORM_TYPE", NS_UPLOAD),
        this.limit !== undefined && value("max-file-size", this.limit),
      );
      return buildDiscoInfo([], [NS_UPLOAD]).append([form]);
    }
    return this.slot(payload);
  }
}

async function upload(
  act: (
    uploader: (options?: Partial<UploaderOptions>) => Uploader,
    service: Service,
    server: ScriptedServer,
  ) => Promise<void>,
): Promise<void> {
  await using server = await ScriptedServer.start((request) => status(request, 201));
  const service = new Service(server.origin);
  await act(
    (options) => new Uploader({ client: service.client, domain: "bots.example.org", ...options }),
    service,
    server,
  );
}

function fails(upload: Promise<unknown>, reason: UploadErrorReason, message: RegExp): Promise<void> {
  return assert.rejects(upload, (error) => {
    assert.ok(error instanceof UploadError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, message);
    return true;
  });
}

test("a file is put where the server's upload service says, with its type, its size and the headers of XEP-0363", () =>
  upload(async (uploader, service, server) => {
    const progress: unknown[] = [];
    const shared = await uploader().upload(
      { data: Buffer.from("meow"), name: "/home/me/cat.png", description: "a cat" },
      { from, onProgress: (now) => progress.push(now) },
    );
    assert.deepEqual(shared, {
      url: "https://upload.example.org/get/cat.png",
      name: "cat.png",
      mediaType: "image/png",
      size: 4,
      description: "a cat",
      hashes: { "sha-256": createHash("sha256").update("meow").digest("base64") },
    });
    const [{ method, path, headers, body }] = server.received as [Received];
    assert.deepEqual([method, path, body], ["PUT", "/put/cat.png", "meow"]);
    assert.equal(headers.authorization, "Bearer once");
    assert.equal(headers["content-type"], "image/png");
    assert.equal(headers["content-length"], "4");
    assert.equal(headers["x-evil"], undefined);
    assert.deepEqual(progress, [{ sent: 4, total: 4 }]);
    assert.deepEqual(service.asked, [
      "example.org query",
      "example.org query",
      "rooms.example.org query",
      "upload.example.org query",
      "upload.example.org request",
    ]);
  }));

test("a name becomes one that every service takes, and XML can hold, whatever it was", () =>
  upload(async (uploader) => {
    const names = {
      "../../etc/passwd": "passwd",
      "C:\\temp\\cat.png": "cat.png",
      "cat\r\n\u0000\uFFFE\ud800.png": "cat.png",
      [`${"😸".repeat(150)}.png`]: `${"😸".repeat(98)}.png`,
      [`${"😸".repeat(150)}x.png`]: `${"😸".repeat(97)}x.png`,
      "": "file",
    };
    for (const [given, name] of Object.entries(names))
      assert.equal(
        (await uploader().upload({ data: Buffer.from("meow"), name: given }, { from })).name,
        name,
      );
  }));

test("the media type is what somebody says, or the blob, or the ending, in this order", () =>
  upload(async (uploader, _, server) => {
    const text = new Blob(["meow"], { type: "text/x-cat" });
    const types = async (file: FileToSend) => {
      const { mediaType } = await uploader().upload(file, { from });
      assert.equal(server.received.at(-1)?.headers["content-type"], mediaType);
      return mediaType;
    };
    assert.equal(await types({ data: text, name: "cat.txt", mediaType: "text/y-cat" }), "text/y-cat");
    assert.equal(await types({ data: text, name: "cat.txt" }), "text/x-cat");
    assert.equal(await types({ data: Buffer.from("meow"), name: "cat.txt" }), "text/plain");
    assert.equal(await types({ data: Buffer.from("meow"), name: "cat" }), "application/octet-stream");
  }));

test("the service is looked for once an hour, and again after it was not found", () =>
  upload(async (uploader, service) => {
    let now = 0;
    const here = uploader({ now: () => now });
    const file = { data: Buffer.from("meow"), name: "cat.png" };
    const looked = () => service.asked.filter((asked) => asked === "upload.example.org query").length;
    service.taken = false;
    await fails(
      here.upload(file, { from }),
      "no-service",
      /no upload service .* was found for bots\.example\.org: load http_file_share/,
    );
    service.taken = true;
    await here.upload(file, { from });
    await here.upload(file, { from });
    assert.equal(looked(), 2);
    now += 3_600_000;
    await here.upload(file, { from });
    assert.equal(looked(), 3);
  }));

test("that Prosody cannot be asked is not taken for that nobody takes files", () =>
  upload(async (uploader) => {
    const away = new RestHttpError("no", {
      kind: "unauthorized",
      retryable: false,
      maybeDelivered: false,
      status: 403,
    });
    const client = { iq: () => Promise.reject(away), exchange: () => Promise.reject(away) };
    await assert.rejects(
      uploader({ client }).upload({ data: Buffer.from("meow"), name: "cat.png" }, { from }),
      away,
    );
  }));

test("the operator names the service", () =>
  upload(async (uploader, service) => {
    const file = { data: Buffer.from("meow"), name: "cat.png" };
    await uploader({ service: "upload.example.org" }).upload(file, { from });
    assert.deepEqual(service.asked, ["upload.example.org query", "upload.example.org request"]);
    await fails(
      uploader({ service: "example.org" }).upload(file, { from }),
      "no-service",
      /example\.org is no upload service/,
    );
    await fails(
      uploader({ service: "rooms.example.org" }).upload(file, { from }),
      "no-service",
      /rooms\.example\.org does not say where files go: service-unavailable/,
    );
  }));

test("what is too large goes nowhere, be that known beforehand or not", () =>
  upload(async (uploader, service, server) => {
    const file = { data: new Blob([Buffer.alloc(1001)], { type: "text/x-long" }), name: "" };
    await fails(
      uploader().upload(file, { from }),
      "too-large",
      /1001 bytes is too large for upload\.example\.org, and takes 1000/,
    );
    assert.ok(!service.asked.includes("upload.example.org request"));
    service.limit = undefined;
    service.slot = () => {
      throw new StanzaError("not-acceptable", {
        received: true,
        application: el("file-too-large", { xmlns: NS_UPLOAD }, el("max-file-size", {}, "999")),
      });
    };
    await fails(uploader().upload(file, { from }), "too-large", /takes 999 at most/);
    assert.deepEqual(server.received, []);
  }));

test("a service that does not want this bot is told of, and what to do", () =>
  upload(async (uploader, service) => {
    service.slot = () => {
      throw new StanzaError("forbidden", { received: true });
    };
    const file = { data: Buffer.from("meow"), name: "cat.png" };
    await fails(
      uploader().upload(file, { from }),
      "refused",
      /forbidden; in Prosody, http_file_share_access/,
    );
  }));

test("a web server that does not take the file is told of", () =>
  upload(async (uploader, _, server) => {
    const file = { data: Buffer.from("meow"), name: "cat.png" };
    server.script = (request) => status(request, 413);
    await fails(
      uploader().upload(file, { from }),
      "failed",
      /^127\.0\.0\.1:\d+ did not take the file: it answered with 413$/,
    );
    server.script = ({ socket }) => socket.destroy();
    await fails(
      uploader().upload(file, { from }),
      "failed",
      /could not be uploaded to 127\.0\.0\.1:\d+: UND_ERR_SOCKET|ECONNRESET/,
    );
  }));

test("files travel encrypted, unless the network is the operator's own", () =>
  upload(async (uploader, service) => {
    const file = { data: Buffer.from("meow"), name: "cat.png" };
    service.slot = () =>
      buildUploadSlot({
        put: { url: "http://upload.example.invalid/", headers: {} },
        get: { url: "https://upload.example.org/" },
      });
    await fails(
      uploader().upload(file, { from }),
      "failed",
      /http:\/\/upload\.example\.invalid: set http_external_url .* upload\.allowInsecure/,
    );
    await fails(
      uploader({ allowInsecure: true }).upload(file, { from }),
      "failed",
      /could not be uploaded to upload\.example\.invalid: ENOTFOUND|EAI_AGAIN/,
    );
  }));

test("whoever has no time left stops waiting", () =>
  upload(async (uploader, _, server) => {
    const stop = new AbortController();
    server.script = () => stop.abort(new Error("enough"));
    await assert.rejects(
      uploader().upload({ data: Buffer.from("meow"), name: "cat.png" }, { from, signal: stop.signal }),
      /^Error: enough$/,
    );
  }));
