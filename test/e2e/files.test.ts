import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { DownloadError, defineBot, UploadError } from "../../src/index.ts";
import { Uploader } from "../../src/outbound/index.ts";
import { Jid } from "../../src/stanza/index.ts";
import { CERTIFICATE, KEY } from "../outbound/files/tls.ts";
import { connect, onBothServers, type Person } from "../prosody/support.ts";
import { runSlixmpp } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const { bots, stock, people } = DOMAINS;
// Beneath the people's domain, so that their server tells everybody of it.
const upload = `upload.${people}`;
const LIMIT = 10_000;

const photographer = defineBot({
  name: "photographer",
  summary: "sends pictures, and looks at yours",
  routes(on) {
    on.hears("cat", async (ctx) => {
      await ctx.sendFile({ data: Buffer.from("meow"), name: "cat.txt", description: "a cat" });
    });
    on.hears("huge", async (ctx) => {
      try {
        await ctx.sendFile({ data: Buffer.alloc(LIMIT + 1), name: "huge.bin" });
      } catch (error) {
        if (!(error instanceof UploadError)) throw error;
        return `${error.reason}: ${error.message}`;
      }
      return undefined;
    });
    on.on("message:file", async (ctx) => {
      const { data, mediaType } = await ctx.download(ctx.files[0]);
      return `${data.length} bytes of ${mediaType}: ${createHash("sha256").update(data).digest("hex")}`;
    });
    on.hears(/^look at (\S+)$/, async (ctx) => {
      try {
        await ctx.download(ctx.match[1] ?? "");
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        return error.reason;
      }
      return "seen";
    });
  },
});

onBothServers("files, with a real Prosody", (suite) => {
  let world: World;
  let alice: Person;
  let web: Server;
  const trusted = getCACertificates("default");

  before(async () => {
    setDefaultCACertificates([...trusted, CERTIFICATE]);
    // Prosody's own web server, as those who send files see it: encrypted, by a proxy in front.
    web = createServer({ cert: CERTIFICATE, key: KEY }, (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      const options = {
        port: world.prosody.httpPort,
        method,
        path: url,
        headers: { ...headers, host: upload },
      };
      const passed = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      incoming.pipe(passed);
    });
    web.listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    world = await startWorld(suite, [photographer], {
      settings: { downloads: { enabled: true, privateHosts: ["localhost"] } },
      mount: { upload: { service: upload } },
      hosts: [
        {
          kind: "http_file_share",
          host: upload,
          options: {
            http_external_url: `https://localhost:${port}/`,
            http_file_share_access: [bots, people],
            http_file_share_size_limit: LIMIT,
          },
        },
      ],
    });
    alice = await connect(world.prosody, `alice@${people}`, PASSWORD);
  });

  after(async () => {
    await alice?.stop();
    await world?.[Symbol.asyncDispose]();
    web?.closeAllConnections();
    web?.close();
    setDefaultCACertificates(trusted);
  });

  const hears = async (from: string, pattern: RegExp): Promise<string> => {
    const found = await alice.waitFor(
      (stanza) => stanza.attrs["from"] === from && pattern.test(stanza.getChildText("body") ?? ""),
      String(pattern),
    );
    return found.getChildText("body") ?? "";
  };

  test("slixmpp gets a bot's file and all that is said of it, and has the bot look at one of its own", async () => {
    const seen = await runSlixmpp(new URL("./files.py", import.meta.url), [
      `bob@${people}`,
      PASSWORD,
      String(world.prosody.xmppPort),
      `photographer@${bots}`,
      CERTIFICATE,
    ]);
    const [received, sent] = seen;
    assert.ok(received);
    const { sources, ...rest } = received;
    assert.deepEqual(rest, {
      step: "received",
      text: "meow",
      served: "text/plain",
      inline: true,
      name: "cat.txt",
      type: "text/plain",
      size: 4,
      description: "a cat",
      digest: createHash("sha256").update("meow").digest("base64"),
    });
    assert.match(String((sources as string[])[0]), /^https:\/\/localhost:\d+\/.*cat\.txt$/);
    const purr = "purr".repeat(100);
    const digest = createHash("sha256").update(purr).digest("hex");
    assert.deepEqual(sent, { step: "sent", answer: `400 bytes of text/plain: ${digest}` });
  });

  test("the service is found by asking the server that the bots' domain is part of", async () => {
    const client = world.server.client(bots);
    assert.ok(client);
    const from = Jid.parse(`photographer@${bots}`);
    const { url } = await new Uploader({ client, domain: `bots.${people}` }).upload(
      { data: Buffer.from("meow"), name: "Kätzchen 1.txt" },
      { from },
    );
    assert.match(url, /^https:\/\/localhost:\d+\/.*K%C3%A4tzchen%201\.txt$/);
  });

  test("a file over the service's limit is told of before it is sent", async () => {
    await alice.say(`photographer@${bots}`, "huge");
    assert.equal(
      await hears(`photographer@${bots}`, /^too-large/),
      `too-large: the file of ${LIMIT + 1} bytes is too large for ${upload}, and takes ${LIMIT} at most`,
    );
  });

  test("a domain that the service does not know is told of, with what to do in Prosody", async () => {
    await alice.say(`photographer@${stock}`, "cat");
    await alice.say(`photographer@${stock}`, "huge");
    await hears(`photographer@${stock}`, /^too-large/);
    assert.ok(
      world.log.some((line) =>
        line.includes("http_file_share_access lists who may upload: add the bots' domain"),
      ),
    );
  });

  test("nobody reaches Prosody's own ports through a bot", async () => {
    const { httpPort } = world.prosody;
    for (const [url, reason] of [
      [`http://localhost:${httpPort}/rest`, "url"],
      [`https://127.0.0.1:${httpPort}/rest`, "address"],
      [`https://[::1]:${httpPort}/rest`, "address"],
    ] as const) {
      await alice.say(`photographer@${bots}`, `look at ${url}`);
      await alice.waitFor(
        () => alice.texts(`photographer@${bots}`).filter((text) => text === reason).length > 0,
        reason,
      );
    }
    await alice.say(`photographer@${bots}`, `look at https://[::1]:${httpPort}/rest`, "again");
    await hears(`photographer@${bots}`, /^address$/);
  });
});
