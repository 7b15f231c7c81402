import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { freePort } from "../../prosody/free-port.ts";
import { provision } from "../../prosody/script.ts";
import { VARIABLES } from "../../src/server/environment.ts";
import { connect, echo, needsProsody, startWebhook, until } from "./support.ts";

const top = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(top, path), "utf8");

/** The environment of a service in compose.yaml. */
function environmentOf(service: string): Map<string, string> {
  const lines = read("compose.yaml").split("\n");
  const start = lines.indexOf(`  ${service}:`);
  const names = new Map<string, string>();
  let inside = false;
  for (const line of lines.slice(start + 1)) {
    if (/^ {2}\S/.test(line)) break;
    if (/^ {4}\S/.test(line)) inside = line === "    environment:";
    const [, name = "", value = ""] = /^ {6}(\w+): (.*)$/.exec(line) ?? [];
    if (inside && name) names.set(name, value);
  }
  assert.ok(names.size > 3, `${service} has an environment`);
  return names;
}

describe("compose.yaml", () => {
  it("gives the bots variables that restanza knows", () => {
    const known = Object.keys(VARIABLES);
    for (const name of environmentOf("bots").keys()) assert.ok(known.includes(name), name);
  });

  it("gives Prosody variables that its configuration or its entry point uses", () => {
    const used =
      ["server", "component"].map((name) => read(`prosody/config/${name}.cfg.lua`)).join() +
      read("prosody/entrypoint.sh");
    for (const name of environmentOf("prosody").keys())
      assert.match(used, new RegExp(`(?:ENV_|\\b)${name}\\b`), name);
  });

  it("gives both the same secrets, and none that anyone could know", () => {
    for (const name of ["RESTANZA_TOKEN", "RESTANZA_CALLBACK_AUTH", "RESTANZA_CALLBACK_KEYS"]) {
      const value = environmentOf("bots").get(name) ?? "";
      assert.match(value, new RegExp(`^\\$\\{${name}:\\?.+\\}$`), "it must be set");
      assert.equal(environmentOf("prosody").get(name), value);
    }
  });

  it("publishes ports on loopback alone", () => {
    const published = read("compose.yaml").match(/^ +- .*:\d+.*$/gm) ?? [];
    assert.ok(published.length > 0);
    for (const line of published) assert.match(line, /- 127\.0\.0\.1:/);
  });
});

describe("the Dockerfiles", () => {
  for (const file of ["Dockerfile", "prosody/Dockerfile"]) {
    it(`${file} copies what there is and what .dockerignore lets through, and does not run as root`, () => {
      const text = read(file);
      const allowed = read(".dockerignore")
        .split("\n")
        .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
      for (const [, sources = ""] of text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
        for (const source of sources.split(" ")) {
          assert.ok(existsSync(join(top, source)), source);
          assert.ok(allowed.includes(source), `${source} in .dockerignore`);
        }
      }
      const user = /^USER (\S+)$/m.exec(text)?.[1];
      assert.ok(user && user !== "root");
      assert.match(text, /^HEALTHCHECK /m);
    });
  }

  it("ask for health in a way that works", async () => {
    const [, json = ""] = /^ {2}CMD (\[.+\])$/m.exec(read("Dockerfile")) ?? [];
    const [, , script = ""] = JSON.parse(json) as string[];
    const { createServer } = await import("node:http");
    const check = async (port: number): Promise<number> => {
      const child = spawn(process.execPath, ["-e", script], { env: { PORT: String(port) } });
      return ((await once(child, "exit")) as [number])[0];
    };
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/livez" ? 200 : 404).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    assert.equal(await check(port), 0);
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    assert.equal(await check(port), 1);
  });
});

describe("prosody/entrypoint.sh, in the root file system that its image is made of", needsProsody, () => {
  const secrets = {
    RESTANZA_TOKEN: "token-of-the-container-test",
    RESTANZA_CALLBACK_AUTH: "prosody:secret-of-the-container-test",
    RESTANZA_CALLBACK_KEYS: `whsec_${Buffer.alloc(32, 5).toString("base64")}`,
  };

  /** Runs it there as its image does: as the user prosody. */
  async function start(
    env: Record<string, string>,
  ): Promise<{ lines: string[]; ended: Promise<void>; stop(): Promise<void> }> {
    const { root } = await provision("trixie");
    const name = `container-test-${process.pid}`;
    const place = join(root, "srv", name);
    const data = join(root, "var/lib/restanza", name);
    cpSync(join(top, "prosody"), place, { recursive: true });
    const home = spawn("chroot", [
      root,
      "install",
      "-d",
      "-o",
      "prosody",
      "-g",
      "prosody",
      `/var/lib/restanza/${name}`,
    ]);
    await once(home, "close");
    const command = ["setpriv", "--reuid=prosody", "--regid=prosody", "--init-groups", "--pdeathsig=KILL"];
    const child = spawn("chroot", [root, ...command, `/srv/${name}/entrypoint.sh`], {
      env: { PATH: process.env["PATH"], RESTANZA_INSTANCE: name, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => lines.push(line));
    const ended = once(child, "close").then(() => {
      for (const path of [place, data]) rmSync(path, { recursive: true, force: true });
    });
    return {
      lines,
      ended,
      stop: async () => {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }

  it("serves the bots, with the accounts it was given", async () => {
    const webhook = await startWebhook(echo);
    const [xmppPort, httpPort] = [await freePort(), await freePort()];
    const container = await start({
      ...secrets,
      RESTANZA_DOMAIN: "bots.localhost",
      RESTANZA_CALLBACK_ADDRESS: webhook.address,
      RESTANZA_XMPP_PORT: String(xmppPort),
      RESTANZA_HTTP_PORT: String(httpPort),
      RESTANZA_ACCOUNTS: "alice@localhost:wonder:land,bob@localhost:builder",
    });
    try {
      await until(
        () => container.lines.some((line) => line.includes("Activated service 'c2s'")),
        "Prosody",
        20_000,
      );
      const bob = await connect({ xmppPort }, "bob@localhost", "builder");
      const alice = await connect({ xmppPort }, "alice@localhost", "wonder:land");
      await alice.say("echo@bots.localhost", "from a container");
      await until(() => alice.texts().includes("from a container"), "the answer");
      assert.ok(webhook.received.at(-1)?.headers["webhook-signature"]);
      const response = await fetch(`http://127.0.0.1:${httpPort}/rest`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${secrets.RESTANZA_TOKEN}`,
          "content-type": "application/xmpp+xml",
        },
        body: "<message from='echo@bots.localhost' to='bob@localhost'><body>unasked</body></message>",
      });
      assert.equal(response.status, 202);
      await until(() => bob.texts().includes("unasked"), "the message");
      await Promise.all([alice.stop(), bob.stop()]);
    } finally {
      await container.stop();
      await webhook.close();
    }
    const log = container.lines.join("\n");
    assert.match(log, /Shutdown complete/);
    for (const secret of [...Object.values(secrets), "wonder", "builder"]) assert.ok(!log.includes(secret));
  });

  for (const missing of ["RESTANZA_TOKEN", "callback credentials"]) {
    it(`does not start without ${missing}`, async () => {
      const env: Record<string, string> = { ...secrets };
      for (const name of Object.keys(env)) {
        if (name === missing || (missing !== "RESTANZA_TOKEN" && name.includes("CALLBACK"))) env[name] = "";
      }
      const container = await start(env);
      await container.ended;
      assert.match(container.lines.join("\n"), /entrypoint\.sh: neither [\s\S]*what to do: set RESTANZA_/);
    });
  }

  it("leaves nothing behind", async () => {
    const { root } = await provision("trixie");
    assert.deepEqual(
      readdirSync(join(root, "srv")).filter((name) => name.endsWith(`-${process.pid}`)),
      [],
    );
  });
});
