import type { Element, Jid } from "../../stanza/index.ts";
import {
  buildCapabilityHashes,
  buildCaps,
  buildNick,
  buildVCardUpdate,
  type CapabilityHash,
  type Caps,
  capabilityHash,
  capabilityNode,
  capsNode,
  capsVersion,
  type DiscoIdentity,
  type DiscoInfo,
  FEATURE_RETRIEVE_ITEMS,
  NS_CAPABILITY_HASHES,
  NS_CAPS,
  NS_CHAT_STATES,
  NS_RECEIPTS,
  PEP_IDENTITY,
} from "../../xep/index.ts";
import type { Profile } from "./profile.ts";

/** The software, as XEP-0115 wants it named. */
const NODE = "https://www.npmjs.com/package/restanza";

/** What every bot does without a handler for it. */
const ALWAYS: readonly string[] = [
  NS_CAPS,
  NS_CAPABILITY_HASHES,
  NS_RECEIPTS,
  NS_CHAT_STATES,
  FEATURE_RETRIEVE_ITEMS,
];

/**
 * What a bot is to the network: what it shows of itself, what it can do, and what its presence says of both. It is the same
 * object for all versions of the bot.
 */
export class Identity {
  readonly #jid: Jid;
  #shown: Shown;

  /** @param features what it can do besides what every bot does. */
  constructor(jid: Jid, profile: Profile, features: Iterable<string> = []) {
    this.#jid = jid;
    this.#shown = shown(jid, profile, features);
  }

  /**
   * Has the bot show something else from now on.
   *
   * @returns whether its presence says something else now.
   */
  show(profile: Profile, features: Iterable<string>): boolean {
    const before = this.#shown;
    this.#shown = shown(this.#jid, profile, features);
    return before.caps.ver !== this.#shown.caps.ver || before.profile.avatar?.id !== profile.avatar?.id;
  }

  /** What it shows of itself. */
  get profile(): Profile {
    return this.#shown.profile;
  }

  /** What it is and can do (XEP-0030). */
  get info(): DiscoInfo {
    return this.#shown.info;
  }

  /** What its presence says of that (XEP-0115). */
  get caps(): Caps {
    return this.#shown.caps;
  }

  /** Whether {@link info} can be asked for at a node: the one that the bot's presence leads to (XEP-0115 §6.2, XEP-0390 §4.3). */
  isOwnNode(node: string): boolean {
    const { caps, hash } = this.#shown;
    return node === capsNode(caps) || node === capabilityNode(hash);
  }

  /** @internal What belongs into each presence that says that it is there. */
  get presence(): readonly Element[] {
    return this.#shown.presence;
  }

  /** @internal What introduces it to who does not know it yet. */
  get introduction(): readonly Element[] {
    return this.#shown.introduction;
  }
}

interface Shown {
  readonly profile: Profile;
  readonly info: DiscoInfo;
  readonly caps: Caps;
  readonly hash: CapabilityHash;
  readonly presence: readonly Element[];
  readonly introduction: readonly Element[];
}

function shown(jid: Jid, profile: Profile, features: Iterable<string>): Shown {
  const info: DiscoInfo = {
    identities: identities(jid, profile.nick),
    features: new Set([...ALWAYS, ...features].sort()),
    forms: [],
  };
  const ver = capsVersion(info);
  const hash = capabilityHash(info);
  if (ver === undefined || hash === undefined) {
    throw new TypeError(
      `what ${profile.nick} is and can do has a "<" in it, so that no hash of XEP-0115 can be made of it: take that out of its nick, or the namespaces that it answers`,
    );
  }
  const caps = { node: NODE, ver, hash: "sha-1" };
  return {
    profile,
    info,
    caps,
    hash,
    presence: [
      buildCaps(caps),
      buildCapabilityHashes([hash]),
      buildVCardUpdate({ photo: profile.avatar?.id ?? "" }),
    ],
    introduction: [buildNick(profile.nick)],
  };
}

/** At the domain itself there is a service, which can be talked to as well. */
function identities({ local }: Jid, name: string): DiscoIdentity[] {
  const bot = { category: "client", type: "bot", name };
  return local === undefined ? [{ category: "component", type: "generic", name }, bot] : [bot, PEP_IDENTITY];
}
