import { type Iq, iq, type Jid, type Presence } from "../../stanza/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import {
  buildDiscoInfoQuery,
  type Caps,
  capsNode,
  capsVersion,
  type DiscoInfo,
  readCaps,
  readDiscoInfo,
} from "../../xep/index.ts";
import { BoundedMap } from "./bounded-map.ts";

/** What a {@link Peers} takes. */
export interface PeersOptions {
  /** Asks somebody; rejects where there is no answer in time, which is given in milliseconds. */
  readonly ask: (request: Iq, timeout: number) => Promise<Iq>;
  /** Told that a client has said that it is there, and what it can do, or that it is gone. */
  readonly onPresence?: ((from: Jid, available: boolean) => void) | undefined;
  /** Default: the real time. */
  readonly clock?: Clock | undefined;
}

type Features = ReadonlySet<string>;

/** What was said at a full JID, and until when it holds. */
interface Answer {
  readonly features: Features;
  readonly until: number;
}

/** Somebody is being asked. */
interface Question {
  readonly domain: string;
  readonly answer: Promise<Features>;
}

/** Of how many addresses it is remembered which capabilities they have, and of how many what they have answered. */
const MOST_PEERS = 10_000;
/** How many hashes are known. */
const MOST_HASHES = 500;
/** How many questions may be on their way, and to how many addresses of one domain, which may all be one who keeps silent. */
const MOST_QUESTIONS = 32;
const MOST_OF_A_DOMAIN = 16;
/** More of an answer is not remembered: no client has as much. */
const MOST_FEATURES = 300;
const LONGEST_TEXT = 200;
/** How long to wait for an answer, in milliseconds; one that comes later is remembered all the same. */
const PATIENCE = 2_000;
/** How long an answer may take at all, in milliseconds. */
const LONGEST_ANSWER = 15_000;
/** How long to wait for the answer of somebody else with the same hash, in milliseconds, before asking too. */
const HEAD_START = 500;
/** For how long an answer holds that no hash stands for, and for how long none, in milliseconds. */
const ANSWER_HOLDS = 3_600_000;
const SILENCE_HOLDS = 300_000;

const NOTHING: Features = new Set();

/**
 * What the clients of others can do: by the hash in their presence (XEP-0115), which is asked about once and believed when it is
 * right, or else by asking. All of it is bounded, and is found out anew by the next process.
 */
export class Peers {
  readonly #bot: Jid;
  readonly #ask: PeersOptions["ask"];
  readonly #clock: Clock;
  readonly #onPresence: PeersOptions["onPresence"];
  readonly #caps = new BoundedMap<Caps>(MOST_PEERS);
  readonly #known = new BoundedMap<Features>(MOST_HASHES);
  readonly #answers = new BoundedMap<Answer>(MOST_PEERS);
  /** Who is being asked, by the address. */
  readonly #asking = new Map<string, Question>();
  /** Whose answer may prove a hash; of several, who was asked last. */
  readonly #proving = new Map<string, Question>();

  constructor(bot: Jid, { ask, clock = SYSTEM_CLOCK, onPresence }: PeersOptions) {
    this.#bot = bot;
    this.#ask = ask;
    this.#clock = clock;
    this.#onPresence = onPresence;
  }

  /** @internal Learns from a presence which capabilities its sender has. */
  observe(presence: Presence, from: Jid): void {
    const { type } = presence;
    if (type !== "available" && type !== "unavailable") return;
    const key = from.toString();
    const caps = type === "available" ? readCaps(presence) : undefined;
    if (
      caps !== undefined &&
      [caps.node, caps.ver, caps.hash].every(({ length }) => length <= LONGEST_TEXT)
    ) {
      this.#caps.set(key, caps);
      this.#onPresence?.(from, true);
    } else this.#caps.delete(key);
    if (type === "available") return;
    this.#answers.delete(key);
    this.#onPresence?.(from, false);
  }

  /**
   * What a client can do; asks it where that is not known.
   *
   * @param jid a full JID, such as `ctx.from`. What a bare JID can do is asked of its server, which tells of itself.
   * @returns nothing where it does not answer, and while much else is being asked.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears("can you call?", async (ctx) => {
   *   const features = await ctx.bot.peers.features(ctx.from);
   *   return features.has("urn:xmpp:jingle:apps:rtp:audio") ? "Yes, and so can you." : "You cannot.";
   * });
   * ```
   */
  async features(jid: Jid): Promise<Features> {
    const key = jid.toString();
    const caps = this.#caps.get(key);
    const known = this.#recall(key, caps);
    if (known !== undefined) return known;
    const own = this.#asking.get(key);
    if (own !== undefined) return await this.#patiently(own, PATIENCE);
    // What somebody else answers counts where it proves the hash; else it is theirs alone.
    const other = caps && this.#proving.get(hashKey(caps));
    if (other !== undefined) {
      await this.#patiently(other, HEAD_START);
      const proven = this.#recall(key, caps);
      if (proven !== undefined) return proven;
    }
    const question = this.#asking.get(key) ?? this.#begin(jid, caps);
    return question === undefined ? NOTHING : await this.#patiently(question, PATIENCE);
  }

  #recall(key: string, caps: Caps | undefined): Features | undefined {
    const proven = caps && this.#known.get(hashKey(caps));
    if (proven !== undefined) return proven;
    const answer = this.#answers.get(key);
    return answer !== undefined && answer.until > this.#clock.now() ? answer.features : undefined;
  }

  /** @returns `undefined` while too much else is being asked. */
  #begin(jid: Jid, caps: Caps | undefined): Question | undefined {
    const { domain } = jid;
    const others = [...this.#asking.values()].filter((other) => other.domain === domain).length;
    if (this.#asking.size >= MOST_QUESTIONS || others >= MOST_OF_A_DOMAIN) return undefined;
    const key = jid.toString();
    const hash = caps && hashKey(caps);
    const question: Question = {
      domain,
      answer: this.#find(jid, caps).finally(() => {
        this.#asking.delete(key);
        if (hash !== undefined && this.#proving.get(hash) === question) this.#proving.delete(hash);
      }),
    };
    this.#asking.set(key, question);
    if (hash !== undefined) this.#proving.set(hash, question);
    return question;
  }

  async #patiently({ answer }: Question, patience: number): Promise<Features> {
    const late = Promise.withResolvers<Features>();
    const stopTimer = this.#clock.after(patience, () => late.resolve(NOTHING));
    return await Promise.race([answer, late.promise]).finally(stopTimer);
  }

  async #find(jid: Jid, caps: Caps | undefined): Promise<Features> {
    const info = await this.#info(jid, caps && capsNode(caps));
    const features = info === undefined ? NOTHING : bounded(info);
    // What is right for one client with this hash is for all; what is wrong must not be.
    if (info !== undefined && caps !== undefined && capsVersion(info, caps.hash) === caps.ver)
      this.#known.set(hashKey(caps), features);
    else
      this.#answers.set(jid.toString(), {
        features,
        until: this.#clock.now() + (info === undefined ? SILENCE_HOLDS : ANSWER_HOLDS),
      });
    return features;
  }

  async #info(jid: Jid, node: string | undefined): Promise<DiscoInfo | undefined> {
    try {
      const { payload } = await this.#ask(
        iq({ type: "get", from: this.#bot, to: jid }, buildDiscoInfoQuery(node)),
        LONGEST_ANSWER,
      );
      return payload && readDiscoInfo(payload);
    } catch {
      return undefined;
    }
  }
}

function hashKey({ hash, ver }: Caps): string {
  return `${hash} ${ver}`;
}

function bounded({ features }: DiscoInfo): Features {
  return new Set([...features].filter(({ length }) => length <= LONGEST_TEXT).slice(0, MOST_FEATURES));
}
