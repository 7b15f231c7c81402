import { createHmac, createSecretKey, randomUUID } from "node:crypto";
import { AUTH, DOMAIN, KEY, WORDS, XML } from "./stanza.ts";

/** How a stanza is carried: as stock mod_rest does it, in XML or JSON, or signed by mod_restanza_callback. */
export type Carriage = "xml" | "json" | "signed";

const authorization = `Basic ${Buffer.from(AUTH).toString("base64")}`;
const key = createSecretKey(KEY.slice("whsec_".length), "base64");
const accept = "application/xmpp+xml, application/json, application/x-www-form-urlencoded, text/plain";

/** To whom, and what is said. */
export interface Addressed {
  /** Default `echo`. */
  readonly bot?: string;
  /** How many bots of that name there are, each with its number behind it; default 1, without one. */
  readonly bots?: number;
  readonly words?: string;
}

/**
 * Callbacks for one chat message, from a person each, byte for byte as Prosody 13 writes them.
 *
 * @returns makes the bytes of the callback with this number; stock ones are made once, a signed one is never the same.
 */
export function callbackRequests(
  carriage: Carriage,
  port: number,
  people = 100,
  { bot = "echo", bots = 1, words = WORDS }: Addressed = {},
): (index: number) => string {
  const each = Array.from({ length: people }, (_, person) => {
    const to = `${bot}${bots > 1 ? person % bots : ""}@${DOMAIN}`;
    const from = `person${person}@people.test/1yTSvRxdoCdk`;
    const id = `a${person}`;
    const body =
      carriage === "json"
        ? JSON.stringify({ kind: "message", type: "chat", lang: "en", from, to, id, body: words })
        : `<message type='chat' xml:lang='en' from='${from}' to='${to}' id='${id}'><body>${words}</body></message>`;
    const query = `from=${percentEncoded(from)}&to=${percentEncoded(to)}&kind=message&type=chat`;
    return carriage === "signed" ? signed(query, port, body) : stock(query, port, body, carriage);
  });
  return (index) => (each[index % people] as () => string)();
}

function percentEncoded(jid: string): string {
  return encodeURIComponent(jid).replaceAll("%2F", "%2f");
}

function stock(query: string, port: number, body: string, carriage: "xml" | "json"): () => string {
  const head = [
    `POST /callback?${query} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Content-Type: ${carriage === "json" ? "application/json" : XML}`,
    "Connection: close",
    `Accept: ${accept}`,
    "Content-Language: en",
    `Authorization: ${authorization}`,
    "User-Agent: Prosody XMPP Server",
    `Content-Length: ${body.length}`,
  ];
  const bytes = `${head.join("\r\n")}\r\n\r\n${body}`;
  return () => bytes;
}

function signed(query: string, port: number, body: string): () => string {
  const head = [
    `POST /callback?${query} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "User-Agent: Prosody XMPP Server",
    "Connection: keep-alive",
    `Content-Length: ${body.length}`,
    `Accept: ${accept}`,
    `Content-Type: ${XML}`,
    `Authorization: ${authorization}`,
  ].join("\r\n");
  return () => {
    const id = `msg_${randomUUID()}`;
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `${head}\r\nwebhook-id: ${id}\r\nwebhook-timestamp: ${timestamp}\r\nwebhook-signature: v1,${signature}\r\n\r\n${body}`;
  };
}
