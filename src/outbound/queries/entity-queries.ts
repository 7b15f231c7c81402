import type { Jid } from "../../stanza/index.ts";
import type {
  DiscoInfo,
  DiscoItem,
  EntityTime,
  ExternalService,
  LastActivity,
  Registration,
  SoftwareVersion,
  UploadRequest,
  UploadSlot,
  VCard,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { type Avatar, type AvatarOptions, avatar } from "./avatar.ts";
import { Blocking } from "./blocking.ts";
import { type DiscoOptions, disco, items } from "./disco.ts";
import { type ExternalServicesOptions, externalServices } from "./external-services.ts";
import { askJson, type JsonPayload } from "./json-payload.ts";
import { lastActivity } from "./last-activity.ts";
import { offerUrl } from "./oob.ts";
import { ping } from "./ping.ts";
import type { QueryOptions } from "./query-options.ts";
import { register, registration } from "./registering.ts";
import { type Statistic, type StatisticsOptions, statistics } from "./statistics.ts";
import { time } from "./time.ts";
import { uploadSlot } from "./upload-slot.ts";
import { vcard } from "./vcard.ts";
import { version } from "./version.ts";

/** Questions about somebody, and for a service: each is one request. */
export class EntityQueries {
  readonly #client: Requester;

  constructor(client: Requester) {
    this.#client = client;
  }

  /** Whether an entity is there (XEP-0199); resolves with the milliseconds that the answer took. */
  ping(jid: string | Jid, options: QueryOptions = {}): Promise<number> {
    return ping(this.#client, jid, options);
  }

  /** What software an entity runs (XEP-0092). */
  version(jid: string | Jid, options: QueryOptions = {}): Promise<SoftwareVersion> {
    return version(this.#client, jid, options);
  }

  /** What an entity is and can do (XEP-0030 §3). */
  disco(jid: string | Jid, options: DiscoOptions = {}): Promise<DiscoInfo> {
    return disco(this.#client, jid, options);
  }

  /** What an entity offers beneath it, such as the rooms of a service (XEP-0030 §4). */
  items(jid: string | Jid, options: DiscoOptions = {}): Promise<readonly DiscoItem[]> {
    return items(this.#client, jid, options);
  }

  /**
   * What somebody tells of themselves (XEP-0054): a person, a room, an occupant.
   *
   * @param jid whose; `undefined` is the account that sends.
   */
  vcard(jid?: string | Jid, options: QueryOptions = {}): Promise<VCard> {
    return vcard(this.#client, jid, options);
  }

  /**
   * Somebody's picture (XEP-0084, XEP-0153); `undefined` where they have none, or do not show it, or it is too large or damaged.
   *
   * Where they publish it for their contacts alone, the bot has to be one.
   */
  avatar(jid: string | Jid, options: AvatarOptions = {}): Promise<Avatar | undefined> {
    return avatar(this.#client, jid, options);
  }

  /** When an entity was last active, or since when a server runs (XEP-0012). */
  lastActivity(jid: string | Jid, options: QueryOptions = {}): Promise<LastActivity> {
    return lastActivity(this.#client, jid, options);
  }

  /** What an entity's clock shows (XEP-0202). */
  time(jid: string | Jid, options: QueryOptions = {}): Promise<EntityTime> {
    return time(this.#client, jid, options);
  }

  /** Which STUN, TURN and other services a server offers (XEP-0215). */
  externalServices(
    jid: string | Jid,
    options: ExternalServicesOptions = {},
  ): Promise<readonly ExternalService[]> {
    return externalServices(this.#client, jid, options);
  }

  /** The figures that an entity keeps (XEP-0039). */
  statistics(jid: string | Jid, options: StatisticsOptions = {}): Promise<readonly Statistic[]> {
    return statistics(this.#client, jid, options);
  }

  /** Where to upload a file to (XEP-0363). */
  uploadSlot(service: string | Jid, file: UploadRequest, options: QueryOptions = {}): Promise<UploadSlot> {
    return uploadSlot(this.#client, service, file, options);
  }

  /** Offers a URL to a client (XEP-0066 §2); resolves when it took it. */
  offerUrl(
    jid: string | Jid,
    url: string,
    options: QueryOptions & { readonly description?: string | undefined } = {},
  ): Promise<void> {
    return offerUrl(this.#client, jid, url, options);
  }

  /** What a service wants to know of who registers there, and whether who asks has (XEP-0077 §3). */
  registration(jid: string | Jid, options: QueryOptions = {}): Promise<Registration> {
    return registration(this.#client, jid, options);
  }

  /**
   * Registers with a service, changes what it knows, or ends that (XEP-0077 §3).
   *
   * @param given the fields, or the form, that {@link Queries.registration} has told; `{ remove: true }` ends it.
   */
  register(jid: string | Jid, given: Registration, options: QueryOptions = {}): Promise<void> {
    return register(this.#client, jid, given, options);
  }

  /** Whom the server keeps away from the account that asks (XEP-0191). */
  get blocking(): Blocking {
    return new Blocking(this.#client);
  }

  /** Asks with JSON and resolves with the JSON of the answer (XEP-0432). */
  json(jid: string | Jid, payload: JsonPayload, options: QueryOptions = {}): Promise<JsonPayload> {
    return askJson(this.#client, jid, payload, options);
  }
}
