import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { VARIABLES } from "../../src/server/environment.ts";
import {
  CONFIG_FILES,
  type Config,
  ConfigError,
  checkConfig,
  findConfigFile,
  loadConfig,
  namesProsody,
} from "../../src/server/index.ts";
import { makeFolder } from "./folder.ts";

const KEY = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const ENVIRONMENT = {
  RESTANZA_DOMAIN: "Bots.Example.org",
  RESTANZA_REST_URL: "http://127.0.0.1:5280/rest",
  RESTANZA_TOKEN: "a-token",
  RESTANZA_CALLBACK_AUTH: "prosody:callback-secret",
};
const MOUNT = {
  domain: "bots.example.org",
  rest: { url: "http://127.0.0.1:5280/rest", token: "a-token" },
  callback: { auth: ["prosody:callback-secret"] },
};

/** The problems that a configuration is refused for. */
function problemsOf(written: unknown, environment: NodeJS.ProcessEnv = {}): readonly string[] {
  try {
    checkConfig(written as Config, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("the environment", () => {
  test("four variables are enough; everything else has a default", () => {
    const config = checkConfig({}, ENVIRONMENT);
    assert.deepEqual(config, {
      host: "127.0.0.1",
      port: 9003,
      botsDir: "bots",
      bots: {},
      groups: {},
      profiles: {},
      contacts: {},
      isolate: {},
      downloads: { enabled: false, maxBytes: 10 * 1024 * 1024, timeout: 30_000, privateHosts: [] },
      permissions: [],
      deadline: 500,
      maxBytes: 1024 * 1024,
      timeouts: { head: 10_000, request: 30_000, idle: 75_000 },
      shutdownTimeout: 10_000,
      store: ".restanza/store.sqlite",
      leaseDuration: 10_000,
      logLevel: "info",
      development: false,
      mounts: [
        {
          domain: "bots.example.org",
          rest: { ...MOUNT.rest, auth: "basic", allowInsecure: false },
          callback: {
            auth: ["prosody:callback-secret"],
            keys: [],
            tolerance: 120,
            dedupe: 60_000,
            format: "xml",
          },
          upload: { allowInsecure: false },
          rooms: {},
        },
      ],
    });
  });

  test("every variable has its place", () => {
    const { RESTANZA_TOKEN, ...rest } = ENVIRONMENT;
    const set: Record<keyof typeof VARIABLES, string> = {
      ...rest,
      HOST: "0.0.0.0",
      PORT: "0",
      WEB_HOST: "0.0.0.0",
      WEB_PORT: "9004",
      RESTANZA_REST_HOST: "prosody.example.org",
      RESTANZA_TOKEN: "",
      RESTANZA_SECRET: "component-secret",
      RESTANZA_USER: "bot",
      RESTANZA_AUTH: "oauth2",
      RESTANZA_ALLOW_INSECURE: "1",
      RESTANZA_CALLBACK_AUTH: "prosody:new-secret-1  prosody:old-secret-2",
      RESTANZA_CALLBACK_KEYS: `${KEY},a plain key`.replace("a plain key", "a-plain-key-of-24-letters"),
      RESTANZA_CALLBACK_FORMAT: "json",
      RESTANZA_BOTS: "echo, hello",
      RESTANZA_BOTS_DIR: "elsewhere",
      RESTANZA_BOT_CONFIG: '{"hello":{"greeting":"Moin"}}',
      RESTANZA_ADMINS: "alice@example.org bob@example.org",
      RESTANZA_DEADLINE: "250",
      RESTANZA_STORE: "/var/lib/restanza/store.sqlite",
      RESTANZA_LEASE_DURATION: "3000",
      RESTANZA_LOG_LEVEL: "silent",
      RESTANZA_DEVELOPMENT: "true",
      RESTANZA_UPLOAD_SERVICE: "upload.example.org",
      RESTANZA_DOWNLOADS: "true",
    };
    assert.deepEqual(Object.keys(set).sort(), Object.keys(VARIABLES).sort());
    const config = checkConfig({}, set);
    const [mount] = config.mounts;
    assert.deepEqual(config.groups, { admins: ["alice@example.org", "bob@example.org"] });
    assert.deepEqual([config.host, config.port, config.deadline], ["0.0.0.0", 0, 250]);
    assert.deepEqual([config.botsDir, config.logLevel, config.development], ["elsewhere", "silent", true]);
    assert.deepEqual([config.store, config.leaseDuration], ["/var/lib/restanza/store.sqlite", 3_000]);
    assert.deepEqual([config.web?.host, config.web?.port], ["0.0.0.0", 9004]);
    assert.deepEqual(config.bots, { hello: { greeting: "Moin" } });
    assert.deepEqual(mount?.rest, {
      url: "http://127.0.0.1:5280/rest",
      host: "prosody.example.org",
      secret: "component-secret",
      user: "bot",
      auth: "oauth2",
      allowInsecure: true,
    });
    assert.deepEqual(mount?.callback, {
      auth: ["prosody:new-secret-1", "prosody:old-secret-2"],
      keys: [KEY, "a-plain-key-of-24-letters"],
      tolerance: 120,
      dedupe: 60_000,
      format: "json",
    });
    assert.deepEqual(mount?.bots, ["echo", "hello"]);
    assert.deepEqual(mount?.upload, { service: "upload.example.org", allowInsecure: false });
    assert.deepEqual(config.downloads, {
      enabled: true,
      maxBytes: 10 * 1024 * 1024,
      timeout: 30_000,
      privateHosts: [],
    });
  });

  test("it wins over a file, whose other settings stay, and leaves what was written as it is", () => {
    const written: Config = {
      port: 1,
      deadline: 7,
      mounts: [MOUNT, { ...MOUNT, domain: "other.example.org" }],
    };
    const before = structuredClone(written);
    const config = checkConfig(written, { PORT: "2", RESTANZA_DOMAIN: "new.example.org" });
    assert.deepEqual([config.port, config.deadline], [2, 7]);
    assert.deepEqual(
      config.mounts.map(({ domain }) => domain),
      ["new.example.org", "other.example.org"],
    );
    assert.deepEqual(written, before);
  });

  test("an empty variable is as none", () => {
    assert.equal(checkConfig({}, { ...ENVIRONMENT, PORT: "", RESTANZA_SECRET: "" }).port, 9003);
  });

  test("it names a Prosody by any setting of a mount, and not by the bots", () => {
    assert.equal(namesProsody({}), false);
    assert.equal(namesProsody({ PORT: "1", RESTANZA_BOTS: "echo", RESTANZA_DOMAIN: "" }), false);
    for (const name of Object.keys(ENVIRONMENT)) assert.equal(namesProsody({ [name]: "x" }), true, name);
  });
});

describe("what is wrong", () => {
  test("is a token where there is a secret, or neither", () => {
    const both = { ...ENVIRONMENT, RESTANZA_SECRET: "component-secret" };
    assert.deepEqual(problemsOf({}, both), [
      "RESTANZA_TOKEN (mounts[0].rest.token in a file) is given, and secret (RESTANZA_SECRET) too: leave out the one that restanza shall not use",
    ]);
    const [neither, ...more] = problemsOf({}, { ...ENVIRONMENT, RESTANZA_TOKEN: "" });
    assert.match(neither ?? "", /^RESTANZA_TOKEN .* has to be given, a bearer token, or else secret/);
    assert.deepEqual(more, []);
  });

  test("is listed all at once, each with its variable, its place in a file and its mend", () => {
    const problems = problemsOf(
      {
        botsdir: "x",
        mounts: [
          {
            ...MOUNT,
            domain: "a@b",
            rest: { url: "ftp://x", token: "t", secret: "s", auth: "digest" },
            callback: { auth: ["short:1"], keys: ["short"], tolerance: 0, format: "yaml" },
            rooms: { echo: ["@"] },
          },
          MOUNT,
          MOUNT,
        ],
      },
      {
        PORT: "x",
        RESTANZA_DEADLINE: "-1",
        RESTANZA_DEVELOPMENT: "maybe",
        RESTANZA_LOG_LEVEL: "loud",
        RESTANZA_BOT_CONFIG: "{",
      },
    );
    for (const expected of [
      /^PORT is "x", which is no whole number/,
      /^RESTANZA_DEADLINE is "-1"/,
      /^RESTANZA_DEVELOPMENT is neither true nor false/,
      /^RESTANZA_BOT_CONFIG is no JSON; give an object by bot/,
      /^RESTANZA_LOG_LEVEL \(logLevel in a file\) /,
      /^RESTANZA_DOMAIN \(mounts\[0\]\.domain in a file\) is no domain; give/,
      /^RESTANZA_REST_URL \(mounts\[0\]\.rest\.url in a file\) is no http URL: where/,
      /^RESTANZA_AUTH .* is neither basic nor oauth2/,
      /^RESTANZA_CALLBACK_AUTH \(mounts\[0\]\.callback\.auth\[0\] in a file\) is not user:secret/,
      /^RESTANZA_CALLBACK_KEYS \(mounts\[0\]\.callback\.keys\[0\] in a file\) is too short for a key; make one with/,
      /^mounts\[0\]\.callback\.tolerance /,
      /^RESTANZA_CALLBACK_FORMAT /,
      /^mounts\[0\]\.rooms\.echo\[0\] is no JID of a room/,
      /botsdir/,
    ]) {
      assert.ok(
        problems.some((problem) => expected.test(problem)),
        `${expected} in\n${problems.join("\n")}`,
      );
    }
  });

  test("two mounts of one domain are one too many", () => {
    assert.deepEqual(problemsOf({ mounts: [MOUNT, { ...MOUNT, domain: "BOTS.example.org" }] }), [
      "mounts[1].domain is bots.example.org a second time",
    ]);
  });

  test("it does not start where anybody could send callbacks, outside of development", () => {
    const open = { ...MOUNT, callback: {} };
    assert.match(
      problemsOf({ mounts: [open] }).join(),
      /^RESTANZA_CALLBACK_AUTH .* is missing, so anybody could send/,
    );
    assert.deepEqual(problemsOf({ mounts: [open], development: true }), []);
    assert.deepEqual(problemsOf({ mounts: [{ ...MOUNT, callback: { keys: [KEY] } }] }), []);
  });

  test("a key that would be empty, or is no Base64 after whsec_, is none", () => {
    for (const key of [
      "whsec_????????????????????????",
      `whsec_${"=".repeat(30)}`,
      `whsec_${"é".repeat(30)}`,
    ]) {
      assert.match(
        problemsOf({ mounts: [{ ...MOUNT, callback: { keys: [key] } }] }).join(),
        /is no key/,
        key,
      );
    }
  });

  test("nonsense of any shape is a ConfigError, and never a crash", () => {
    const environment = fc.constantFrom({}, ENVIRONMENT, { RESTANZA_TOKEN: "x", PORT: "x" });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("mounts", "port", "bots", "callback"), fc.anything()),
        environment,
        (written, variables) => {
          problemsOf(written, variables);
        },
      ),
    );
    for (const mounts of ["x", ["x"], [null], null, 7, [[]], [{ rest: "x", callback: 3 }]])
      assert.notDeepEqual(problemsOf({ mounts }, ENVIRONMENT), [], JSON.stringify(mounts));
    assert.deepEqual(
      problemsOf({ mounts: [MOUNT], bots: { a: { now: () => 1 } } }),
      [],
      "a function is no harm",
    );
  });

  test("is never told with a secret in it", () => {
    const secret = "Xy7-very-secret-Zq9";
    const place = fc.constantFrom("token", "secret", "auth", "keys", "user");
    const value = fc.constantFrom<unknown>(
      secret,
      `${secret}:`,
      [secret],
      { [secret]: secret },
      ` ${secret}`,
      [secret, 7],
      `x:${secret}`,
      `whsec_${secret}`,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(place, value), { minLength: 1 }), (settings) => {
        const rest: Record<string, unknown> = {};
        const callback: Record<string, unknown> = {};
        for (const [name, given] of settings) {
          // A key of an object is a name and no secret.
          const set = typeof given === "object" && !Array.isArray(given) ? [7, secret] : given;
          if (name === "auth" || name === "keys") callback[name] = set;
          else rest[name] = set;
        }
        const problems = problemsOf({ mounts: [{ domain: "x y", rest, callback }] });
        assert.ok(problems.length > 0);
        assert.ok(!problems.join().includes(secret), problems.join("\n"));
      }),
    );
    const variables = [
      "RESTANZA_TOKEN",
      "RESTANZA_SECRET",
      "RESTANZA_CALLBACK_AUTH",
      "RESTANZA_CALLBACK_KEYS",
    ];
    const environment = Object.fromEntries(variables.map((name) => [name, secret]));
    assert.ok(
      !problemsOf({}, { ...environment, RESTANZA_BOT_CONFIG: `{"a":"${secret}"` })
        .join()
        .includes(secret),
    );
  });
});

describe("a file", () => {
  const written = { port: 1234, mounts: [MOUNT] };

  test("is TypeScript, JavaScript or JSON, found in that order", async () => {
    const files = {
      "restanza.config.ts": `const port: number = 1234;\nexport default { port, mounts: ${JSON.stringify([MOUNT])} };`,
      "restanza.config.js": `export default ${JSON.stringify(written)};`,
      "restanza.config.json": JSON.stringify(written),
    };
    assert.deepEqual(Object.keys(files), [...CONFIG_FILES]);
    for (const name of CONFIG_FILES.toReversed()) {
      await using folder = await makeFolder({ [name]: files[name] });
      const file = await findConfigFile(folder.path);
      assert.ok(file?.endsWith(name));
      assert.equal((await loadConfig(file, {})).port, 1234);
    }
    await using all = await makeFolder(files);
    assert.ok((await findConfigFile(all.path))?.endsWith(".ts"));
    await using none = await makeFolder();
    assert.equal(await findConfigFile(none.path), undefined);
  });

  test("that holds none, or cannot be read, is told by its name, and none of what it says", async () => {
    const secret = "very-secret";
    await using folder = await makeFolder({
      "a.json": `{"token":"${secret}" oops}`,
      "b.json": `["${secret}"]`,
      "c.json": `null`,
      "d.js": `export const config = "${secret}";`,
      "e.js": `throw new Error("cannot be");`,
      "f.ts": `export default {`,
      "g.json": `"${secret}`,
    });
    const expected: Record<string, RegExp> = {
      "a.json": /cannot be read: it is no JSON at position 2\d/,
      "b.json": /holds no configuration: write export default/,
      "c.json": /holds no configuration/,
      "d.js": /holds no configuration/,
      "e.js": /cannot be read: cannot be/,
      "f.ts": /cannot be read: /,
      "g.json": /cannot be read: it is no JSON/,
      "missing.json": /does not exist; give the path/,
    };
    for (const [name, message] of Object.entries(expected)) {
      await assert.rejects(loadConfig(`${folder.path}/${name}`, {}), (error: Error) => {
        assert.ok(error instanceof ConfigError, name);
        assert.match(error.message, message);
        assert.ok(error.message.includes(name));
        assert.doesNotMatch(error.message, /very-secret/);
        return true;
      });
    }
  });
});
