import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { provision, runScript, scriptPath } from "../../prosody/script.ts";
import { startProsody } from "../../prosody/server.ts";
import { connect, needsProsody, onBothServers, until } from "./support.ts";

const scratch = mkdtempSync(join(tmpdir(), "restanza-script-test-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs the script with other environment variables. */
async function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; err: string; out: string }> {
  const child = spawn(scriptPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

describe("prosody.sh", () => {
  it("explains itself", async () => {
    assert.match((await run(["--help"])).out, /provision[\s\S]*run --config FILE[\s\S]*adduser JID/);
  });

  for (const [args, what] of [
    [["nonsense"], /unknown command 'nonsense'/],
    [["run"], /run needs --config FILE/],
    [["run", "--config", "/nowhere.cfg.lua"], /nowhere\.cfg\.lua cannot be read/],
    [["run", "--config"], /--config needs a value/],
    [["provision", "--suite", "../etc"], /is not a suite/],
    [["provision", "--nonsense"], /unknown option --nonsense/],
    [["adduser", "nobody", "--config", scriptPath], /needs the new account's JID/],
    [["remove"], /remove needs --instance/],
    [["remove", "--instance", "../../etc"], /is not a name for an instance/],
    [["where", "--suite", "buzz"], /there is no Prosody for suite buzz yet/],
  ] as const) {
    it(`refuses ${args.join(" ").replace(scriptPath, "FILE")}, and says why and what to do`, async () => {
      const { code, err } = await run([...args], { RESTANZA_CACHE: scratch });
      assert.equal(code, 1);
      assert.match(err, what);
      assert.match(err, /why: \S[\s\S]*what to do: \S/);
    });
  }
});

describe("prosody.sh provision", needsProsody, () => {
  it("does nothing, and quickly, when there is one", async (t) => {
    await provision("trixie");
    const started = performance.now();
    const [first, second] = await Promise.all([provision("trixie"), provision("trixie")]);
    t.diagnostic(`two at once in ${(performance.now() - started).toFixed(0)} ms`);
    assert.deepEqual(first, second);
    assert.match(first.version, /^13\.0\./);
  });

  /** A PATH whose debootstrap is ours. */
  function fakeDebootstrap(body: string): string {
    const bin = mkdtempSync(join(scratch, "bin-"));
    writeFileSync(join(bin, "debootstrap"), `#!/bin/bash\n${body}\n`);
    chmodSync(join(bin, "debootstrap"), 0o755);
    return `${bin}:${process.env["PATH"]}`;
  }

  it("leaves nothing half-made behind when it fails", async () => {
    const cache = mkdtempSync(join(scratch, "cache-"));
    const env = { RESTANZA_CACHE: cache, PATH: fakeDebootstrap("echo no such mirror >&2; exit 1") };
    const { code, err } = await run(["provision", "--suite", "imaginary"], env);
    assert.equal(code, 1);
    assert.match(
      err,
      /no such mirror[\s\S]*debootstrap could not make a root for imaginary[\s\S]*what to do:/,
    );
    assert.deepEqual(readdirSync(cache), ["provision-imaginary.lock"]);
  });

  it("makes a half-made one again, once, however many ask for it", async () => {
    const cache = mkdtempSync(join(scratch, "cache-"));
    const halfMade = join(cache, "prosody-imaginary", "usr/bin");
    mkdirSync(halfMade, { recursive: true });
    writeFileSync(join(halfMade, "prosody"), "");
    const count = join(cache, "count");
    // Stands in for debootstrap and, by a chroot of its own, for what is run inside the new root.
    const path = fakeDebootstrap(
      [
        `echo x >>${count}`,
        "root=$4",
        "mkdir -p $root/usr/bin $root/usr/lib/prosody/modules/mod_rest $root/var/lib/dpkg $root/etc",
        "touch $root/usr/bin/prosody && chmod 755 $root/usr/bin/prosody",
        "printf 'Package: prosody\\nVersion: 13.0.9-1\\n' >$root/var/lib/dpkg/status",
        "sleep 0.3",
      ].join("\n"),
    );
    const bin = path.split(":")[0] ?? "";
    writeFileSync(join(bin, "chroot"), "#!/bin/sh\nexit 0\n");
    chmodSync(join(bin, "chroot"), 0o755);
    const env = { RESTANZA_CACHE: cache, PATH: path };
    const results = await Promise.all([1, 2, 3].map(() => run(["provision", "--suite", "imaginary"], env)));
    for (const { code, out, err } of results) {
      assert.equal(code, 0, err);
      assert.match(out, /^prosody: 13\.0\.9-1$/m);
    }
    assert.equal(readFileSync(count, "utf8"), "x\n", "debootstrap ran once");
    assert.deepEqual(readdirSync(cache).sort(), ["count", "prosody-imaginary", "provision-imaginary.lock"]);
  });
});

onBothServers("prosody.sh run", (suite) => {
  const hosts = [{ kind: "virtualhost", host: "people.test" }] as const;

  it("runs as the user prosody, and makes accounts while it runs", async () => {
    await using prosody = await startProsody({ suite, hosts });
    const status = readFileSync(`/proc/${prosody.pid}/status`, "utf8");
    assert.doesNotMatch(status, /^Uid:\t0/m);
    await prosody.register({ jid: "carol@people.test", password: 'it\'s $ecret "here" \\' });
    const carol = await connect(prosody, "carol@people.test", 'it\'s $ecret "here" \\');
    await carol.stop();
    assert.doesNotMatch(prosody.log(), /ecret/);
    await assert.rejects(
      prosody.register({ jid: "carol@nowhere.test", password: "s3cret" }),
      (error: Error) => {
        assert.match(error.message, /carol@nowhere\.test was not made/);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      },
    );
  });

  it("ends with the process that started it, however that ends", async () => {
    const server = pathToFileURL(join(import.meta.dirname, "../../prosody/server.ts")).href;
    const code = `
      const { startProsody } = await import(${JSON.stringify(server)});
      const prosody = await startProsody(${JSON.stringify({ suite, hosts })});
      console.log(prosody.pid);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], {
      cwd: join(import.meta.dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const pid = Number(line);
    assert.ok(existsSync(`/proc/${pid}`));
    child.kill("SIGKILL");
    await until(() => !existsSync(`/proc/${pid}`), `the end of process ${pid}`);
  });

  it("stops in good order, and leaves no files", async () => {
    const prosody = await startProsody({ suite, hosts });
    const { root } = await provision(suite);
    const instances = join(root, "var/lib/restanza");
    const ours = (): string[] =>
      readdirSync(instances).filter((name) => name.startsWith(`node-${process.pid}-`));
    assert.equal(ours().length, 1);
    await prosody.stop();
    assert.match(prosody.log(), /Shutdown complete/);
    assert.deepEqual(ours(), []);
  });

  it("says what is the matter when it does not start", async () => {
    await assert.rejects(startProsody({ suite, hosts: [] }), /does not start without a VirtualHost/);
    const options = { c2s_interfaces: ["192.0.2.1"] };
    await assert.rejects(startProsody({ suite, hosts, options }), /Failed to open server port/);
  });

  it("finds a named instance's data again", async () => {
    const instance = `script-test-${process.pid}`;
    const options = { suite, hosts, instance };
    try {
      const first = await startProsody(options);
      await first.register({ jid: "dave@people.test", password: "stays" });
      await first.kill();
      await using second = await startProsody(options);
      await (await connect(second, "dave@people.test", "stays")).stop();
    } finally {
      await runScript(["remove", "--suite", suite, "--instance", instance]);
    }
  });
});
