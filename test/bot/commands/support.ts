import {
  type Composer,
  type Context,
  Occupants,
  type PermissionConfig,
  Permissions,
} from "../../../src/bot/index.ts";
import type { Outcome } from "../../../src/dispatch/outcome.ts";
import { Jid, readStanza, type Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { type World, words, world } from "../../dispatch/support.ts";

/** What {@link talk} takes. */
export interface TalkOptions {
  readonly permissions?: PermissionConfig;
  readonly store?: MemoryStore;
}

/** A bot called `bot` that can be talked to, and is in a room as `Bot`. */
export class Talk {
  readonly world: World;
  readonly store: MemoryStore;
  #count = 0;

  constructor(routes: (bot: Composer<Context>) => unknown, options: TalkOptions = {}) {
    this.store = options.store ?? new MemoryStore();
    this.world = world({ bot: routes }, { store: this.store });
    const bot = this.world.bot("bot");
    this.world.mount.put({
      ...bot,
      occupants: new Occupants(),
      permissions: new Permissions(options.permissions),
    });
  }

  /** Joins the room, in which others are. */
  async join(room = "lobby@rooms.example.com"): Promise<void> {
    await this.world.bot("bot").rooms.join(Jid.parse(room), "Bot");
    // Its presence has an id, as this room has ids for its occupants (XEP-0421).
    const own = "<status code='110'/></x><occupant-id xmlns='urn:xmpp:occupant-id:0' id='b'/><x>";
    await this.presence(`${room}/Bot`, "affiliation='none' role='participant'", own);
  }

  /** An occupant comes, or changes. */
  async presence(from: string, item: string, more = "", type = ""): Promise<void> {
    await this.#dispatch(
      `<presence from='${from}' to='bot@bots.example/x' ${type}><x xmlns='http://jabber.org/protocol/muc#user'><item ${item}/>${more}</x></presence>`,
    );
  }

  /** What Juliet is answered in a chat; several answers are separated by a slash. */
  async say(
    body: string,
    { from = "juliet@example.com/balcony", id = "", extra = "", type = "chat", lang = "" } = {},
  ): Promise<string> {
    const stanzas = await this.answers(body, { from, id, extra, type, lang });
    return stanzas.map(words).join(" / ");
  }

  /** The same in a room. */
  async shout(
    body: string,
    { from = "lobby@rooms.example.com/juliet", id = "", extra = "" } = {},
  ): Promise<string> {
    return await this.say(body, { from, id, extra, type: "groupchat" });
  }

  /** The stanzas that answer. */
  async answers(
    body: string,
    { from = "juliet@example.com/balcony", id = "", extra = "", type = "chat", lang = "" } = {},
  ): Promise<Stanza[]> {
    this.#count += 1;
    const before = this.world.sender.sent.length;
    const escaped = body.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const outcome = await this.#dispatch(
      `<message type='${type}' id='${id || `m${this.#count}`}' from='${from}' to='bot@bots.example' ${lang && `xml:lang='${lang}'`}><body>${escaped}</body>${extra}</message>`,
    );
    await this.world.dispatcher.idle();
    const answered = outcome.kind === "reply" ? [outcome.stanza] : [];
    if (outcome.kind === "crash") throw new Error(JSON.stringify(this.world.log.at(-1)));
    return [...this.world.sender.sent.slice(before), ...answered].filter(({ kind }) => kind === "message");
  }

  async #dispatch(xml: string): Promise<Outcome> {
    return await this.world.dispatcher.dispatch(readStanza(xml));
  }
}
