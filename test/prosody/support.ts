import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { describe, type SuiteContext } from "node:test";
import { client, type XmlElement, type XmppClient } from "@xmpp/client";
import { type Suite, whyNoProsody } from "../../prosody/script.ts";
import type { Prosody } from "../../prosody/server.ts";

const reason = whyNoProsody();
if (reason && process.env["CI"] === "true") throw new Error(reason);

/** For tests that need a real Prosody: a named skip where there can be none, except in CI. */
export const needsProsody: { skip?: string } = reason ? { skip: reason } : {};

/** Declares the same tests for the Prosody of Debian 13 (13.0.1) and of sid (13.0.7 or newer). */
export function onBothServers(name: string, body: (suite: Suite, context: SuiteContext) => void): void {
  for (const suite of ["trixie", "sid"] as const) {
    describe(`${name} (${suite})`, needsProsody, (context) => body(suite, context as SuiteContext));
  }
}

/** A callback as it arrived. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
  /** The text of its `<body>`, if it is a message with one. */
  readonly text: string | undefined;
}

/** What to answer; `undefined` destroys the connection without one. */
export type Answer = { readonly status: number; readonly type?: string; readonly body?: string } | undefined;

/** A web server for mod_rest to call. */
export interface Webhook {
  readonly port: number;
  readonly address: string;
  /** Every POST so far, in order of arrival. */
  readonly received: Received[];
  /** How many connections have been opened. */
  readonly connections: () => number;
  readonly server: Server;
  /** Resolves when `received` holds that many. */
  arrived(count: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Waits until `condition` holds, looking again every few milliseconds. */
export async function until(condition: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Starts a web server that answers OPTIONS with 200, records every POST and answers it with `answer`. */
export async function startWebhook(
  answer: (received: Received) => Answer | Promise<Answer> = () => ({ status: 204 }),
  port = 0,
): Promise<Webhook> {
  const received: Received[] = [];
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (request.method === "OPTIONS") {
      response.writeHead(200).end();
      return;
    }
    const entry: Received = {
      method: request.method ?? "",
      url: new URL(request.url ?? "", "http://webhook"),
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
      connection: numbers.get(request.socket) ?? 0,
      text: /<body[^>]*>([^<]*)<\/body>/.exec(body)?.[1],
    };
    received.push(entry);
    const result = await answer(entry);
    if (!result) {
      request.socket.destroy();
      return;
    }
    const headers = result.type ? { "content-type": result.type } : {};
    response.writeHead(result.status, headers).end(result.body ?? "");
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.on("connection", (socket) => {
    connections++;
    numbers.set(socket, connections);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the webhook has no port");
  return {
    port: address.port,
    address: `127.0.0.1:${address.port}`,
    received,
    connections: () => connections,
    server,
    arrived: (count, timeoutMs) =>
      until(() => received.length >= count, `${count} callbacks, ${received.length} came`, timeoutMs),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Answers a message with its own text. */
export function echo(received: Received): Answer {
  if (received.text === undefined) return { status: 204 };
  const body = `<message type='chat'><body>${received.text}</body></message>`;
  return { status: 200, type: "application/xmpp+xml", body };
}

/** An XMPP client that is online. */
export interface Person {
  readonly jid: string;
  /** Stanzas that came, in order. */
  readonly stanzas: XmlElement[];
  /** The texts of the messages that came, in order; of those from one address, if it is given. */
  texts(from?: string): string[];
  /** Sends XML as it is. */
  write(xml: string): Promise<void>;
  say(to: string, text: string, id?: string): Promise<void>;
  /** Resolves with the first stanza that matches, past or future. */
  waitFor(match: (stanza: XmlElement) => boolean, what: string, timeoutMs?: number): Promise<XmlElement>;
  stop(): Promise<void>;
}

/** Connects as an account and becomes available. */
export async function connect(
  prosody: Pick<Prosody, "xmppPort">,
  jid: string,
  password: string,
): Promise<Person> {
  const [username = "", domain = ""] = jid.split("@");
  const xmpp: XmppClient = client({
    service: `xmpp://127.0.0.1:${prosody.xmppPort}`,
    domain,
    username,
    // SCRAM costs a second of key derivation for every client.
    credentials: (authenticate) => authenticate({ username, password }, "PLAIN"),
  });
  const stanzas: XmlElement[] = [];
  const troubles: string[] = []; // a stream that ends shows in what is waited for in vain
  xmpp.on("error", (error) => troubles.push(String(error)));
  xmpp.on("disconnect", () => troubles.push("disconnected"));
  xmpp.on("stanza", (stanza) => stanzas.push(stanza));
  xmpp.reconnect.stop();
  const full = String(await xmpp.start());
  await xmpp.write("<presence/>");
  const find = (match: (stanza: XmlElement) => boolean): XmlElement | undefined => stanzas.find(match);
  return {
    jid: full,
    stanzas,
    texts: (from) =>
      stanzas.flatMap((s) => {
        if (from !== undefined && s.attrs["from"] !== from) return [];
        const text = s.name === "message" && s.attrs["type"] !== "error" ? s.getChildText("body") : null;
        return text === null ? [] : [text];
      }),
    write: (xml) => xmpp.write(xml),
    say: (to, text, id = text) =>
      xmpp.write(`<message to='${to}' type='chat' id='${id}'><body>${text}</body></message>`),
    waitFor: async (match, what, timeoutMs) => {
      const got = (): string =>
        `${stanzas.length} stanzas came; ${troubles.join("; ") || "the stream is open"}`;
      await until(() => find(match) !== undefined, what, timeoutMs).catch((error: Error) => {
        throw new Error(`${error.message} (${got()})`);
      });
      return find(match) as XmlElement;
    },
    stop: async () => {
      await xmpp.stop();
    },
  };
}

/** How many answers came before one that was asked for earlier. */
export function inversions(texts: readonly string[]): number {
  const numbers = texts.map(Number);
  let count = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (number < highest) count++;
    highest = Math.max(highest, number);
  }
  return count;
}

/** The condition of an error stanza. */
export function errorOf(stanza: XmlElement): { type: string; condition: string; text: string | null } {
  const error = stanza.getChild("error");
  const xml = error?.toString() ?? "";
  return {
    type: error?.attrs["type"] ?? "",
    condition: /<([a-z-]+) xmlns=["']urn:ietf:params:xml:ns:xmpp-stanzas["']\s*\/?>/.exec(xml)?.[1] ?? "",
    text: error?.getChildText("text") ?? null,
  };
}
