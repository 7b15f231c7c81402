import { type Element, readXml } from "../../../src/stanza/index.ts";
import { type HttpResult, send } from "./http.ts";
import type { ServerUnderTest, TestClient } from "./server-under-test.ts";
import { Inbox } from "./waiting.ts";
import type { Answer, Received, Responder, ScriptedWebhook } from "./webhook.ts";

export const XML = "application/xmpp+xml";
export const JSON_TYPE = "application/json";

/** Parts of the page on mod_rest that the cases follow. */
export type Section =
  | "callbacks"
  | "replies"
  | "copies"
  | "rooms"
  | "sending"
  | "requests"
  | "refusals"
  | "subscriptions"
  | "credentials"
  | "json"
  | "modules";

/** One sentence about mod_rest, and how it shows. */
export interface ContractCase {
  readonly section: Section;
  /** The sentence. */
  readonly name: string;
  readonly run: (on: CaseContext) => Promise<void>;
}

/** Names a case; each file of `cases/` makes its list with this. */
export function casesOf(section: Section): {
  readonly all: ContractCase[];
  readonly prove: (name: string, run: ContractCase["run"]) => void;
} {
  const all: ContractCase[] = [];
  return { all, prove: (name, run) => all.push({ section, name, run }) };
}

/** What all cases on one server share. */
export interface Shared {
  readonly server: ServerUnderTest;
  readonly webhook: ScriptedWebhook;
  readonly alice: TestClient;
  readonly bob: TestClient;
}

/** How to send over HTTP. */
export interface RestCall {
  readonly host?: string;
  readonly method?: string;
  readonly path?: string;
  /** `user:password` for Basic, anything else for Bearer, `null` for none. Default: alice's. */
  readonly credentials?: string | null;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a case works with; names in it are its own, so that cases can run beside each other. */
export class CaseContext {
  readonly server: ServerUnderTest;
  readonly webhook: ScriptedWebhook;
  readonly alice: TestClient;
  readonly bob: TestClient;
  /** A word that is this case's alone. */
  readonly slug: string;

  constructor({ server, webhook, alice, bob }: Shared, index: number) {
    this.server = server;
    this.webhook = webhook;
    this.alice = alice;
    this.bob = bob;
    this.slug = `case${index}`;
  }

  get version(): ServerUnderTest["version"] {
    return this.server.version;
  }

  /** A bot of this case on a component. */
  bot(component: string, responder?: Responder | Answer, suffix = ""): Bot {
    const bot = new Bot(`${this.slug}${suffix}@${component}.localhost`, this);
    if (responder !== undefined) bot.answers(responder);
    this.webhook.script(component, bot.jid, (received) => bot.receive(received));
    return bot;
  }

  /** A request to `/rest`; without credentials of another sort it is alice's. */
  rest(call: RestCall): Promise<HttpResult> {
    const { credentials = "alice:alice-password", type = XML, host = "localhost" } = call;
    return send(
      this.server.httpPort,
      host,
      call.method ?? "POST",
      call.path ?? "/rest",
      {
        ...(call.body === undefined ? undefined : { "content-type": type }),
        ...(credentials === null ? undefined : { authorization: authorization(credentials) }),
        ...call.headers,
      },
      call.body,
    );
  }

  /** A client of its own, for cases that come and go. */
  client(account: string): Promise<TestClient> {
    return this.server.client(account);
  }
}

/** An address on a component, with a script for what is called back about it. */
export class Bot {
  readonly jid: string;
  readonly callbacks = new Inbox<Received>(({ body }) => body);
  readonly #context: CaseContext;
  #responder: Responder = () => ({ status: 204 });
  #fences = 0;

  constructor(jid: string, context: CaseContext) {
    this.jid = jid;
    this.#context = context;
  }

  get component(): string {
    return this.jid.slice(this.jid.indexOf("@") + 1);
  }

  answers(responder: Responder | Answer): void {
    this.#responder = typeof responder === "function" ? responder : () => responder;
  }

  receive(received: Received): ReturnType<Responder> {
    if (received.body.includes("fence-")) return { status: 200, type: XML, body: fenceOf(received.body) };
    this.callbacks.add(received);
    return this.#responder(received);
  }

  /** The next callback that is not a fence. */
  next(): Promise<Received> {
    return this.callbacks.next(() => true, `a callback about ${this.jid}`);
  }

  /** Sends this bot a stanza and waits for its callback. */
  async hears(from: TestClient, xml: string): Promise<Received> {
    from.send(xml.replace(/^<(\w+)/, `<$1 to='${this.jid}'`));
    return this.next();
  }

  /** Sends this bot a stanza and returns what it is answered. */
  async asked(from: TestClient, xml: string): Promise<Element> {
    from.send(xml.replace(/^<(\w+)/, `<$1 to='${this.jid}'`));
    return from.nextFrom(this.jid);
  }

  /**
   * Whatever the client has got from this bot by the time that a later message to it, sent when the callback in
   * question had been answered, has come back.
   */
  async settled(client: TestClient): Promise<Element[]> {
    this.#fences += 1;
    const fence = `fence-${this.#fences}-${this.#context.slug}`;
    client.send(`<message type='chat' to='${this.jid}'><body>${fence}</body></message>`);
    await client.nextFrom(this.jid, (stanza) => stanza.childText("body") === fence);
    return client.drainFrom(this.jid);
  }
}

function fenceOf(body: string): string {
  return `<message type='chat'><body>${/fence-[\w-]+/.exec(body)?.[0]}</body></message>`;
}

function authorization(credentials: string): string {
  return credentials.includes(":") && !credentials.startsWith("secret-token:")
    ? `Basic ${Buffer.from(credentials).toString("base64")}`
    : `Bearer ${credentials}`;
}

/** The root of a body that came over HTTP. */
export function xmlOf({ body }: { readonly body: string }): Element {
  return readXml(body);
}

/** The condition and type of an error stanza, such as `cancel/service-unavailable`. */
export function errorOf(stanza: Element): string {
  const error = stanza.child("error");
  const condition = error?.elements.find((child) => child.name !== "text");
  return `${error?.attr("type")}/${condition?.name}`;
}
