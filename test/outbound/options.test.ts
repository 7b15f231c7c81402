import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { componentSecret, RestClient, type RestClientOptions } from "../../src/outbound/index.ts";

const credentials = componentSecret("bots.test", "very-secret-secret");

function make(options: Partial<RestClientOptions>): RestClient {
  return new RestClient({ url: "http://127.0.0.1:5280/rest", credentials, ...options });
}

test("a credential goes over plain HTTP to this machine only, unless told", () => {
  for (const url of [
    "http://127.0.0.1/rest",
    "http://127.9.8.7/rest",
    "http://localhost/rest",
    "http://[::1]:1/rest",
  ]) {
    make({ url });
  }
  for (const url of [
    "http://prosody:5280/rest",
    "http://example.com/rest",
    "http://10.0.0.1/rest",
    "http://127.0.0.1.example.com/rest",
    "http://localhost.example.com/rest",
    "http://[::2]/rest",
  ]) {
    assert.throws(() => make({ url }), /unencrypted to .*use https, or set allowInsecureRequests/, url);
    make({ url, allowInsecureRequests: true });
    make({ url: url.replace("http:", "https:") });
  }
});

test("a URL that cannot work is refused, and none with a password is shown", () => {
  for (const url of ["", "rest", "ftp://127.0.0.1/", "http://", "file:///etc/passwd"]) {
    assert.throws(() => make({ url }), /no http or https URL/, url);
  }
  assert.throws(
    () => make({ url: "http://bots.test:very-secret-secret@127.0.0.1/rest" }),
    (error: Error) => /componentSecret/.test(error.message) && !inspect(error).includes("very-secret"),
  );
  assert.throws(() => make({ url: "http://127.0.0.1/rest?token=x" }), /query or a fragment/);
  assert.throws(() => make({ url: "http://127.0.0.1/rest#x" }), /query or a fragment/);
});

test("a host that would bend the header is refused", () => {
  make({ host: "bots.example:5280" });
  make({ host: "[::1]:5280" });
  for (const host of ["", "a b", "a\r\nx: y", "bücher.example", "a/b"]) {
    assert.throws(() => make({ host }), /Host header/, host);
  }
});

test("a user agent that would bend the header is refused", () => {
  make({ userAgent: "weather-bot/1.0 (+https://example.com)" });
  for (const userAgent of ["", " ", "a\r\nx: y", "bücher"]) {
    assert.throws(() => make({ userAgent }), /User-Agent header/, userAgent);
  }
});

test("every number has its range", () => {
  const ranges = {
    connections: [1, 4096],
    maxIqs: [1, 256],
    iqTimeout: [1, 300_000],
    connectTimeout: [1, 2 ** 31 - 1],
    headersTimeout: [1, 2 ** 31 - 1],
    bodyTimeout: [1, 2 ** 31 - 1],
    keepAliveTimeout: [1, 2 ** 31 - 1],
    maxStanzaBytes: [0, 2 ** 31 - 1],
    maxResponseBytes: [0, 2 ** 31 - 1],
  } as const;
  for (const [name, [least, most]] of Object.entries(ranges)) {
    make({ [name]: least });
    make({ [name]: most });
    for (const bad of [least - 1, most + 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5"]) {
      assert.throws(() => make({ [name]: bad }), new RegExp(`${name} is .*whole number`), `${name} ${bad}`);
    }
  }
});

test("a client shows where it sends, and nothing of its credential", () => {
  const shown = inspect(make({ host: "bots.test" }), { depth: 20, showHidden: true });
  assert.match(shown, /RestClient.*127\.0\.0\.1:5280\/rest.*bots\.test/s);
  assert.doesNotMatch(shown, /very-secret/);
});
