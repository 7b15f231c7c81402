import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { provision } from "../../prosody/script.ts";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { connect, errorOf, onBothServers, type Person, until } from "./support.ts";

onBothServers("mod_restanza_callback over TLS", (suite) => {
  let directory: string;
  let server: Server;
  let prosody: Prosody;
  let alice: Person;
  const connections = new Set<object>();
  const paths: string[] = [];

  before(async () => {
    const { root } = await provision(suite);
    // Where Prosody, inside its root, can read the certificate too.
    directory = mkdtempSync(join(root, "srv/tls-test-"));
    const inside = directory.slice(root === "/" ? 0 : root.length);
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const files = ["-keyout", `${inside}/key.pem`, "-out", `${inside}/cert.pem`];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files];
    execFileSync("chroot", [root, "openssl", ...request], { stdio: "ignore" });
    execFileSync("chmod", ["-R", "a+rX", directory]);

    const options = {
      key: readFileSync(`${directory}/key.pem`),
      cert: readFileSync(`${directory}/cert.pem`),
    };
    server = createServer(options, (incoming, response) => {
      if (incoming.method === "POST") {
        paths.push(incoming.url ?? "");
        connections.add(incoming.socket);
      }
      incoming.resume();
      const body = "<message type='chat'><body>over TLS</body></message>";
      response.writeHead(200, { "content-type": "application/xmpp+xml" }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const component = (host: string, name: string) =>
      ({
        kind: "component",
        host,
        callback: { address: "unused" },
        options: { rest_callback_url: `https://${name}:${port}/${host}` },
      }) as const;
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        component("right.test", "localhost"),
        component("wrong-name.test", "127.0.0.1"),
      ],
      options: { client_https_ssl: { cafile: `${inside}/cert.pem` } },
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice?.stop();
    await prosody?.stop();
    server?.close();
    server?.closeAllConnections();
    rmSync(directory, { recursive: true, force: true });
  });

  it("keeps its connection to a server whose certificate is right", async () => {
    for (let i = 0; i < 5; i++) {
      await alice.say("echo@right.test", `tls ${i}`);
      await until(() => alice.texts().length === i + 1, "the answer");
    }
    assert.equal(connections.size, 1);
  });

  it("sends nothing to a server whose certificate is for another name", async () => {
    await alice.say("echo@wrong-name.test", "no", "no");
    const refused = await alice.waitFor(
      (s) => s.attrs["type"] === "error" && s.attrs["id"] === "no",
      "an error",
    );
    assert.equal(errorOf(refused).condition, "recipient-unavailable");
    assert.deepEqual(
      paths.filter((path) => path === "/wrong-name.test"),
      [],
    );
    await prosody.waitForLog(/Callbacks failed: \d+, certificate-verify-failed/);
  });
});
