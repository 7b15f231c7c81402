import { Jid } from "../../stanza/index.ts";
import type { Affiliation } from "../../xep/index.ts";
import { bareOf } from "../double/addresses.ts";
import type { MucRoom } from "../double/muc-room.ts";
import type { Site } from "./site.ts";
import type { TestUser } from "./test-user.ts";

/** What a room may be when it is first asked for. */
export interface RoomOptions {
  /** Whether everybody sees who everybody is. Default: moderators alone. */
  readonly nonAnonymous?: boolean | undefined;
  /** Whether it gives each message an id of its own (XEP-0359), as a room with an archive does. Default: no. */
  readonly archives?: boolean | undefined;
  /** What one has to say at the door. Default: nothing. */
  readonly password?: string | undefined;
  /** Whether it is for members alone. Default: no. */
  readonly membersOnly?: boolean | undefined;
  /** Whether who is no member has to be given voice. Default: no. */
  readonly moderated?: boolean | undefined;
  /** The bots that join it, by name. Default: all. */
  readonly bots?: readonly string[] | undefined;
}

/** What can be said of who is thrown out. */
export interface ExpelOptions {
  /** The nickname of who does it. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** A room in a test (XEP-0045). It stays when it is empty. */
export class TestRoom {
  readonly name: string;
  readonly jid: Jid;
  readonly #room: MucRoom;
  readonly #site: Site;
  readonly #through: () => Promise<void>;

  /** @internal */
  constructor(name: string, room: MucRoom, site: Site, through: () => Promise<void>) {
    this.name = name;
    this.jid = Jid.parse(room.jid);
    this.#room = room;
    this.#site = site;
    this.#through = through;
  }

  /** The nicknames of who is in it, in the order of their joining. */
  get nicks(): readonly string[] {
    return [...this.#room.nicks.values()];
  }

  /** The nickname of somebody in it, by full or bare address. */
  nickOf(jid: string): string | undefined {
    for (const [realJid, nick] of this.#room.nicks)
      if (realJid === jid || bareOf(realJid) === jid) return nick;
    return undefined;
  }

  /** Throws somebody out, a person or by nickname. @throws TestbedError when they are not in it. */
  async kicks(who: TestUser | string, { by, reason }: ExpelOptions = {}): Promise<void> {
    const nick = typeof who === "string" ? who : (this.nickOf(who.jid.toString()) ?? who.name);
    this.#site.transcript.note(`${nick} is kicked from ${this.name}`);
    if (!this.#room.expel(nick, { actor: by, reason }))
      throw this.#site.error(
        `nobody in ${this.name} is called ${nick}; there are ${this.nicks.join(", ") || "none"}`,
      );
    await this.#through();
  }

  /** Has it forget who is in it without a word, as when its service starts anew. A bot notices within a quarter of an hour. */
  forgets(): void {
    this.#site.transcript.note(`${this.name} forgets who is in it`);
    this.#room.forgetAll();
  }

  /** Makes somebody an owner, admin, member, outcast or none of these. */
  async affiliates(
    who: TestUser | Jid,
    affiliation: Affiliation,
    { by, reason }: ExpelOptions = {},
  ): Promise<void> {
    const jid = who instanceof Jid ? who : who.jid;
    this.#site.transcript.note(`${jid.local} becomes ${affiliation} of ${this.name}`);
    this.#room.affiliate(jid.bare.toString(), affiliation, { actor: by, reason });
    await this.#through();
  }
}
