import { pino } from "pino";
import {
  type Bot,
  Composer,
  Contacts,
  type Context,
  configureBot,
  defineBot,
  featuresOf,
  type Handler,
  Identity,
  type Next,
  Peers,
  profileOf,
  Rooms,
  type SendOptions,
} from "../../src/bot/index.ts";
import {
  Dispatcher,
  type DispatcherOptions,
  Mount,
  type MountedBot,
  type MountRoles,
} from "../../src/dispatch/index.ts";
import {
  Iq,
  Jid,
  type Message,
  type Presence,
  readStanza,
  type Stanza,
  writeXml,
} from "../../src/stanza/index.ts";

/** A line of the log. */
export interface Line {
  readonly level: number;
  readonly msg: string;
  readonly err?: { readonly type: string; readonly message: string };
}

export const INFO = 30;
export const WARN = 40;
export const ERROR = 50;

/** A sender that remembers what was sent, and does with it what the test says. */
export class RecordingSender {
  /** What has left, in the order in which it did. */
  readonly sent: (Message | Presence)[] = [];
  readonly asked: Iq[] = [];
  /** Under which name each was sent, if any. */
  readonly names: (string | undefined)[] = [];
  /** Told of everything that is about to leave; a rejection keeps it from leaving. */
  onSend: (stanza: Message | Presence) => void | Promise<void> = () => undefined;
  onIq: (stanza: Iq) => Iq | Promise<Iq> = (request) =>
    new Iq(request.element.withChildren().withAttrs({ type: "result" }));

  async send(stanza: Message | Presence, { once }: SendOptions = {}): Promise<{ readonly id: string }> {
    await this.onSend(stanza);
    this.sent.push(stanza);
    this.names.push(once);
    return { id: stanza.id ?? "sent" };
  }

  async iq(stanza: Iq): Promise<Iq> {
    this.asked.push(stanza);
    return await this.onIq(stanza);
  }

  /** What was sent, as bodies, or as chat states in angle brackets. */
  get words(): string[] {
    return this.sent.map(words);
  }
}

/** What a person sees of a stanza: its body, else the type of an error, else its first payload in angle brackets. */
export function words(stanza: Stanza): string {
  if (stanza.error !== undefined) return `!${stanza.error.condition}`;
  const body = stanza.kind === "message" ? stanza.body : undefined;
  return body ?? `<${stanza.element.elements[0]?.name ?? stanza.element.attr("type") ?? "available"}/>`;
}

export type Routes = (bot: Composer<Context>) => unknown;

/** What {@link world} takes. */
export interface WorldOptions extends MountRoles, Omit<DispatcherOptions, "mounts"> {
  readonly timeout?: number;
  readonly ack?: "inline" | "durable";
  readonly domain?: string;
  /** Mounts besides the one of this world. */
  readonly beside?: readonly Mount[];
  /** Makes what the bots send with. */
  readonly senders?: () => RecordingSender;
}

/** A mount with bots on it, and all that can be seen from outside. */
export interface World {
  readonly dispatcher: Dispatcher;
  readonly mount: Mount;
  readonly sender: RecordingSender;
  readonly log: Line[];
  bot(name: string): MountedBot;
}

/** Bots by name on `bots.example`, and a dispatcher before them. */
export function world(routes: Readonly<Record<string, Routes>>, options: WorldOptions = {}): World {
  const {
    timeout = 60_000,
    ack = "inline",
    domain = "bots.example",
    host,
    catchAll,
    beside = [],
    senders = () => new RecordingSender(),
    ...rest
  } = options;
  const sender = senders();
  const log: Line[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const mount = new Mount(domain, { host, catchAll });
  for (const [name, add] of Object.entries(routes)) {
    const bot: Bot = defineBot({
      name,
      summary: `is ${name}`,
      timeout,
      ack,
      routes: (composer) => void add(composer),
    });
    const jid = Jid.of(name === host ? undefined : name, domain);
    const handle = {
      name,
      jid,
      identity: new Identity(jid, profileOf(bot), featuresOf(rest.fallback ?? new Composer())),
      peers: new Peers(jid, { ask: (request) => sender.iq(request), clock: rest.clock }),
      sender,
      directory: mount,
      log: logger,
      contacts: new Contacts({ bot: jid, sender, store: rest.store }),
      rooms: new Rooms(jid, sender, rest.store),
    };
    mount.put({ ...handle, ...configureBot(bot) });
  }
  return {
    dispatcher: new Dispatcher({ log: logger, ...rest, mounts: [mount, ...beside] }),
    mount,
    sender,
    log,
    bot: (name) => {
      const bot = mount.get(name);
      if (bot === undefined) throw new Error(`there is no bot ${name}`);
      return bot;
    },
  };
}

/** A world with one bot that does the same about everything. */
export function only(handle: (ctx: Context, next: Next) => unknown, options?: WorldOptions): World {
  return world({ echo: (bot) => bot.use(handle as Handler<Context>) }, options);
}

/** A stanza from XML with single quotes, as Prosody writes it. */
export function stanza(xml: string): Stanza {
  return readStanza(xml);
}

/** A chat message of Juliet's to the bot `echo`. */
export function chat(body: string, attrs = "", extra = ""): Stanza {
  return stanza(
    `<message type='chat' id='m-${body}' from='juliet@example.com/balcony' to='echo@bots.example' ${attrs}><body>${body}</body>${extra}</message>`,
  );
}

/** Says that a person's client shows chat states. */
export const ACTIVE = "<active xmlns='http://jabber.org/protocol/chatstates'/>";

/** Lets every promise that can settle do so; no timer goes off. */
export async function turns(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The XML of a stanza, without its id where that is left to chance. */
export function xml(of: Stanza): string {
  return writeXml(of.element).replace(/ id="[0-9a-f-]{36}"/, "");
}

/** A request to the bot `echo`. */
export const QUESTION: Stanza = stanza(
  "<iq type='get' id='q' from='juliet@example.com/balcony' to='echo@bots.example'><question xmlns='urn:example'/></iq>",
);
