import { createHmac } from "node:crypto";
import {
  ALICE,
  BASIC,
  type CallbackSpec,
  chat,
  KEY,
  PLAIN,
  request,
  SIGNED,
} from "../../callback/support/harness.ts";
import {
  badUtf8,
  excessiveXml,
  hostileForm,
  hostileJson,
  type MakeBody,
  malformedXml,
  notAStanza,
} from "./bodies.ts";
import type { Random } from "./random.ts";

/** One connection of an attacker. */
export interface Attack {
  /** What is written, one part after another. */
  readonly parts: readonly (Buffer | string)[];
  /** Whether the attacker's side is closed after that. */
  readonly end: boolean;
  /** Whether an answer has to say nothing, as it would go to a room; `undefined` where the request line cannot tell. */
  readonly silent: boolean | undefined;
  /** How many refusals it makes, at the least and the most. */
  readonly refusals: readonly [number, number];
}

/** A kind of attack. */
export type MakeAttack = (random: Random) => Attack;

/** The bodies are up to that large, now and then; most are small. */
const LARGEST = 700_000;

function sizeOf(random: Random): number {
  return random.next() < 0.02 ? LARGEST : random.pick([100, 1_000, 4_000]);
}

const LINES: readonly Pick<CallbackSpec, "kind" | "type">[] = [
  { kind: "message", type: "chat" },
  { kind: "message", type: "groupchat" },
  { kind: "message", type: undefined },
  { kind: "presence", type: undefined },
  { kind: "presence", type: "subscribe" },
  { kind: "iq", type: "get" },
  { kind: "iq", type: "result" },
];

function isSilent({ kind = "message", type }: CallbackSpec): boolean {
  return kind === "presence" || ["groupchat", "error", "result"].includes(type ?? "");
}

function attack(spec: CallbackSpec, own: Partial<Attack> = {}): Attack {
  const silent = isSilent({ type: "chat", ...spec });
  return { parts: [request(spec)], end: false, silent, refusals: [1, 1], ...own };
}

let ids = 0;

function signature(body: string | Uint8Array): Record<string, string> {
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  const id = `hostile-${++ids}`;
  const hmac = createHmac("sha256", Buffer.from(KEY.slice(6), "base64"))
    .update(`${id}.${timestamp}.`)
    .update(body);
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${hmac.digest("base64")}`,
  };
}

/** A body under a request line that is true as far as it goes, on a mount of either kind. */
function withBody(make: MakeBody, contentType: string): MakeAttack {
  return (random) => {
    const body = make(random, sizeOf(random));
    const type = { "Content-Type": contentType };
    const line = random.next() < 0.5 ? { type: "chat" } : random.pick(LINES);
    // Addressed to the other mount it is good for nothing there, and signed all the same.
    return random.next() < 0.5
      ? attack({ ...line, body, headers: type })
      : attack({ ...line, to: `echo@${SIGNED}`, body, headers: { ...type, ...signature(body) } });
  };
}

const EVE = "eve@example.com/x";

/** A good stanza under a request line that does not tell the same. */
const forgedLine: MakeAttack = (random) =>
  attack(
    random.pick<() => CallbackSpec>([
      () => ({ from: random.pick([EVE, "", "{from}", `${ALICE}x`, ALICE.toUpperCase(), "__proto__"]) }),
      () => ({ to: random.pick([PLAIN, `echo@${PLAIN}/x`, `ECHO@${PLAIN}`, "{to}", `eve@${PLAIN}`]) }),
      () => ({ kind: random.pick(["presence", "iq", "", "{kind}", "MESSAGE", "constructor"]) }),
      () => ({ type: random.pick([undefined, "", "normal", "groupchat", "error", "CHAT", "__proto__"]) }),
      () => ({ query: random.pick(["", "from", "&&&", "from=%", "x".repeat(9_000), `to=echo%40${PLAIN}`]) }),
      () => ({ body: chat("x", { from: EVE }) }),
      () => ({ body: chat("x", { to: `other@${PLAIN}` }) }),
      () => ({ to: `echo@${random.pick(["elsewhere.test", "", "..", "constructor", "__proto__"])}` }),
      () => ({ path: random.pick(["/", "/callback/", "/Callback", "//callback", "/callback%00", "/rest"]) }),
    ])(),
  );

/** Lines that an xml:lang adds to the head, as Prosody would write them: anywhere among its own. */
const INJECTED = [
  "\r\nContent-Length: 5",
  "\r\nContent-Length: 0\r\n\r\n",
  "\r\nContent-Length: 100000\r\n\r\n",
  "\r\nTransfer-Encoding: chunked",
  "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  "\r\nTransfer-Encoding: identity",
  "\r\nAuthorization: Basic eDp5",
  "\r\nHost: evil",
  "\r\nConnection: keep-alive",
  "\r\nContent-Type: application/json",
  "\r\nExpect: 100-continue",
  "\r\nExpect: x",
  "\r\nUpgrade: websocket\r\nConnection: upgrade",
  "\r\n folded",
  "\r\n\r\n",
  "\nX: y",
  "\rX: y",
  "\r\n: x",
  "\r\nno colon",
  "\r\nX Y: z",
  "\0",
  `\r\nX: ${"y".repeat(500_000)}`,
];

const injectedHead: MakeAttack = (random) => {
  const line = random.pick(LINES);
  const injected = random.pick(INJECTED);
  const whole = request({ ...line, headers: { "Content-Language": "\u00a7" } }).toString("latin1");
  const [start = "", ...fields] = whole.slice(0, whole.indexOf("\r\n\r\n")).split("\r\n");
  // Prosody writes its headers in no order.
  fields.sort(() => random.next() - 0.5);
  const head = [start, ...fields].join("\r\n").replace("\u00a7", () => `en${injected}`);
  const body = chat("Hello", { from: EVE });
  // Where the head ends early, the rest of it is another request or none.
  return {
    parts: [Buffer.from(`${head}\r\n\r\n${body}`, "latin1")],
    end: true,
    silent: isSilent(line),
    refusals: [1, 2],
  };
};

const badHead: MakeAttack = (random) =>
  attack({
    ...random.pick(LINES),
    headers: random.pick<() => Record<string, string | undefined>>([
      () => ({ Authorization: undefined }),
      () => ({
        Authorization: random.pick([
          "",
          "Basic",
          BASIC.slice(0, -2),
          `${BASIC}=`,
          "Bearer x",
          "Basic Og==",
          "x".repeat(9_000),
        ]),
      }),
      () => ({
        "Content-Type": random.pick([
          "",
          "text/plain",
          "text/html",
          "x",
          "application/xmpp+xml-",
          "multipart/form-data; boundary=x",
        ]),
      }),
      () => ({ "Content-Type": undefined }),
      () => ({ Host: random.pick([undefined, "", " ", "a b", "<>", "x:99999999", "\u00ff"]) }),
      () => ({ Expect: random.pick(["100-continue", "x", ""]) }),
      () => ({ "X-A": "1", "x-a": "2" }),
      () => ({ accept: "x" }),
      () => ({ __proto__x: "1", __PROTO__X: "2" }),
      () =>
        Object.fromEntries(
          Array.from({ length: 3_000 }, (_, index) => [
            `x-${index % 1_500}${index < 1_500 ? "" : " "}`.trim(),
            "y",
          ]),
        ),
    ])(),
    ...(random.next() < 0.5 ? {} : { body: "<" }),
  });

const badLength: MakeAttack = (random) => {
  const line = random.pick(LINES);
  const body = chat("Hello");
  const headers = (length: string) => ({
    "Content-Length": length,
    Authorization: random.pick([BASIC, "Basic x"]),
  });
  return random.pick<() => Attack>([
    () =>
      attack({ ...line, body, headers: headers(`${body.length + random.between(1, 1_000)}`) }, { end: true }),
    () =>
      attack(
        { ...line, body, headers: headers(`${body.length - random.between(1, 30)}`) },
        { end: true, refusals: [1, 2] },
      ),
    () => attack({ ...line, body, headers: headers("-1") }, { end: true }),
    () => attack({ ...line, body, headers: headers("99999999999999999999999") }, { end: true }),
    () => attack({ ...line, body, headers: headers("1, 2") }, { end: true }),
    () => attack({ ...line, body, headers: headers("0x10") }, { end: true }),
    () => attack({ ...line, body: "", headers: headers("0") }),
    () => {
      const bytes = request({ ...line, body });
      const start = bytes.indexOf("\r\n\r\n") + 4;
      return attack(line, { parts: [bytes.subarray(0, random.between(start, bytes.length - 1))], end: true });
    },
  ])();
};

const badChunks: MakeAttack = (random) => {
  const line = random.pick(LINES);
  const chunked = { "Content-Length": undefined, "Transfer-Encoding": "chunked" };
  const head = request({ ...line, body: "", headers: chunked });
  const tail = random.pick([
    "zz\r\n",
    "5\r\nabc",
    "-1\r\n",
    "ffffffffffffffffff\r\n",
    "5;ext\r\nabcde\r\nx",
    "0\r\n\r\n",
    "5\r\nabcdefghij\r\n",
    "1\r\n<\r\n0\r\n\r\n",
    "",
  ]);
  return attack(line, { parts: [head, tail], end: true, refusals: [1, 2] });
};

const badMethod: MakeAttack = (random) => {
  const method = random.pick([
    "GET",
    "PUT",
    "DELETE",
    "PATCH",
    "PROPFIND",
    "TRACE",
    "get",
    "FOO",
    "P OST",
    "\u0001",
  ]);
  const readable = /^[A-Z]+$/.test(method) && method !== "FOO";
  const spec = { ...random.pick(LINES), method, body: "" };
  return attack(spec, readable ? { end: true } : { end: true, silent: undefined });
};

/** A second request behind a refused one, with everything that the first lacks. */
const pipelined: MakeAttack = (random) => {
  const keep = { Connection: "keep-alive" };
  const first = request({
    ...random.pick([
      { body: "<", headers: keep },
      { headers: { ...keep, Authorization: undefined } },
      { headers: keep, to: "echo@elsewhere.test" },
      { headers: keep, to: `echo@${SIGNED}`, body: chat("x", { to: `echo@${SIGNED}` }) },
      { headers: { ...keep, "Content-Type": "text/plain" } },
    ]),
  });
  const second = request({ from: EVE, body: chat("smuggled", { from: EVE }), headers: keep });
  const count = random.between(1, 5);
  return attack(
    {},
    {
      parts: [Buffer.concat([first, ...Array<Buffer>(count).fill(second)])],
      end: true,
      refusals: [1, 1 + count],
    },
  );
};

const signedWrongly: MakeAttack = (random) => {
  const body = chat("x", { to: `echo@${SIGNED}` });
  const good = signature(body);
  const headers = random.pick<() => Record<string, string | undefined>>([
    () => ({}),
    () => ({ ...good, "webhook-id": "other" }),
    () => ({ ...good, "webhook-id": undefined }),
    () => ({ ...good, "webhook-timestamp": random.pick(["0", "-1", "1e3", "x", "", "9".repeat(12)]) }),
    () => ({
      ...good,
      "webhook-signature": random.pick([
        "",
        "v1,",
        "v1",
        "v2,x",
        " ".repeat(999),
        "v1,x ".repeat(999),
        random.bytes(32).toString("base64"),
      ]),
    }),
    () => signature(`${body} `),
  ])();
  return attack({ to: `echo@${SIGNED}`, body, headers });
};

/** Every kind, by its name. */
export const ATTACKS: Readonly<Record<string, MakeAttack>> = {
  "malformed XML": withBody(malformedXml, "application/xmpp+xml"),
  "too much XML": withBody(excessiveXml, "application/xmpp+xml"),
  "XML that is no stanza": withBody(notAStanza, "application/xmpp+xml"),
  "bad UTF-8": withBody(badUtf8, "application/xmpp+xml"),
  "hostile JSON": withBody(hostileJson, "application/json"),
  "hostile forms": withBody(hostileForm, "application/x-www-form-urlencoded"),
  "forged request lines": forgedLine,
  "lines injected into the head": injectedHead,
  "bad heads": badHead,
  "bad lengths": badLength,
  "bad chunks": badChunks,
  "bad methods": badMethod,
  "pipelined requests": pipelined,
  "bad signatures": signedWrongly,
};
