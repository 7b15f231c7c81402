import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { pino } from "pino";
import { type Bot, defineBot } from "../../../src/bot/index.ts";
import { type Config, checkConfig, type RunningServer, startServer } from "../../../src/server/index.ts";

/** What the mounts of a {@link Harness} carry before the `@`. */
export const AUTH = "prosody:the-callback-secret";
/** The Authorization header of that. */
export const BASIC = `Basic ${Buffer.from(AUTH).toString("base64")}`;
/** The key of the signed mount. */
export const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** A domain whose callbacks carry {@link AUTH}. */
export const PLAIN = "plain.test";
/** A domain whose callbacks carry {@link AUTH} and are signed by {@link KEY}. */
export const SIGNED = "signed.test";

/** The callback server at work, and a stand-in for mod_rest that takes whatever is sent. */
export interface Harness extends AsyncDisposable {
  readonly port: number;
  readonly server: RunningServer;
  /** The bodies that were posted to mod_rest: each is a stanza that somebody would have seen. */
  readonly posts: readonly string[];
  /** What the bot has been handed, as `kind from body`. */
  readonly handled: readonly string[];
  /** What was logged, a line each. */
  readonly log: readonly string[];
  /** The callbacks refused so far, by their reason. */
  refused(): Promise<Record<string, number>>;
}

/** What a {@link Harness} may be started with. */
export interface HarnessOptions {
  readonly config?: Partial<Config>;
  readonly bots?: readonly Bot[];
  /** Loads a bot anew from its files. */
  readonly load?: (name: string) => Promise<Bot>;
}

/** Starts one, with the bot `echo` on both domains, which says back every message and notes every stanza. */
export async function startHarness({ config = {}, bots = [], load }: HarnessOptions = {}): Promise<Harness> {
  const posts: string[] = [];
  const rest = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    posts.push(body);
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(rest, "listening");
  const url = `http://127.0.0.1:${(rest.address() as AddressInfo).port}/rest`;
  const handled: string[] = [];
  const echo = defineBot({
    name: "echo",
    summary: "says back",
    routes(bot) {
      bot.use((ctx, next) => {
        handled.push(`${ctx.stanza.kind} ${ctx.from} ${ctx.body ?? ""}`);
        return next();
      });
      bot.on("message:body", (ctx) => ctx.body);
    },
  }) as Bot;
  const lines: string[] = [];
  const mount = (domain: string, keys: string[]) => ({
    domain,
    rest: { url, token: "a-token-of-the-harness" },
    // The same message is sent again and again here, and each is news.
    callback: { auth: [AUTH], keys, dedupe: 0 },
  });
  const server = await startServer(
    checkConfig({ port: 0, mounts: [mount(PLAIN, []), mount(SIGNED, [KEY])], ...config }),
    [echo, ...bots],
    pino({ level: "debug", base: null }, { write: (line) => void lines.push(line) }),
    undefined,
    load,
  );
  const { port } = server.address;
  return {
    port,
    server,
    posts,
    handled,
    log: lines,
    refused: async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const counts = text.matchAll(/^restanza_callbacks_refused_total\{reason="([^"]+)"\} (\d+)$/gm);
      return Object.fromEntries([...counts].map(([, reason, count]) => [reason, Number(count)]));
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      rest.closeAllConnections();
      rest.close();
      await once(rest, "close");
    },
  };
}

/** A callback as Prosody writes it; what is given takes the place of what would be true. */
export interface CallbackSpec {
  readonly method?: string;
  readonly path?: string;
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
  /** `undefined` stands for the literal placeholder. */
  readonly type?: string | undefined;
  /** The whole query, in the place of what the four above make. */
  readonly query?: string;
  /** Headers besides the usual ones, or in their place; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array;
}

/** An ordinary sender. */
export const ALICE = "alice@example.com/phone";

/** Percent-encodes as Prosody's util.http does. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}

/** The target of a callback's request line. */
export function target({ path = "/callback", query, ...spec }: CallbackSpec): string {
  const { from = ALICE, to = `echo@${PLAIN}`, kind = "message" } = spec;
  const type = "type" in spec ? spec.type : "chat";
  const filled = `from=${encode(from)}&to=${encode(to)}&kind=${encode(kind)}&type=${type === undefined ? "{type}" : encode(type)}`;
  return `${path}?${query ?? filled}`;
}

/** A message as Prosody writes it into the body of a callback. */
export function chat(text: string, { from = ALICE, to = `echo@${PLAIN}` } = {}): string {
  return `<message type='chat' id='1' to='${to}' from='${from}' xml:lang='en'><body>${text}</body></message>`;
}

/** The bytes of a callback. */
export function request(spec: CallbackSpec = {}): Buffer {
  const body = Buffer.from(spec.body ?? chat("Hello"));
  const headers: Record<string, string | undefined> = {
    Host: "127.0.0.1:9003",
    "User-Agent": "Prosody XMPP Server",
    Connection: "close",
    Authorization: BASIC,
    "Content-Length": `${body.length}`,
    "Content-Type": "application/xmpp+xml",
    "Content-Language": "en",
    Accept: "application/json, application/xmpp+xml",
    ...spec.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}\r\n`,
  );
  const head = `${spec.method ?? "POST"} ${target(spec)} HTTP/1.1\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

/** An HTTP response. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Writes bytes to a connection of their own and resolves with every response until the server closes it.
 *
 * @param parts written one after another, each once the one before has been taken; `end` closes our side after the last,
 *   `whole` has it reject when the connection is reset.
 */
export async function exchange(
  port: number,
  parts: Uint8Array | readonly (Uint8Array | string)[],
  { end = false, whole = false }: { end?: boolean; whole?: boolean } = {},
): Promise<Reply[]> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  for (const part of parts instanceof Uint8Array ? [parts] : parts) {
    await new Promise<void>((resolve) => socket.write(part, () => resolve()));
  }
  if (end) socket.end();
  await closed;
  if (whole && failure !== undefined) throw failure;
  return replies(Buffer.concat(chunks).toString());
}

function replies(text: string): Reply[] {
  const all: Reply[] = [];
  for (let rest = text; rest !== ""; ) {
    const split = rest.indexOf("\r\n\r\n");
    const [line = "", ...fields] = rest.slice(0, split).split("\r\n");
    const headers = Object.fromEntries(
      fields.map((field) => [
        field.slice(0, field.indexOf(":")).toLowerCase(),
        field.slice(field.indexOf(":") + 1).trim(),
      ]),
    );
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    const length = headers["content-length"] ?? (status === 204 ? "0" : undefined);
    const from = split + 4;
    const until = length === undefined ? rest.length : from + Number(length);
    all.push({ status, headers, body: rest.slice(from, until) });
    rest = rest.slice(until);
  }
  return all;
}

/** The one response to one callback. */
export async function call(port: number, spec: CallbackSpec = {}): Promise<Reply> {
  const all = await exchange(port, request(spec));
  if (all.length !== 1) throw new Error(`${all.length} responses came: ${JSON.stringify(all)}`);
  return all[0] as Reply;
}
