import type { Jid } from "../../stanza/index.ts";
import type {
  ArchivedMessage,
  DiscoItem,
  EntityTime,
  ExternalService,
  LastActivity,
  SoftwareVersion,
  UploadRequest,
  UploadSlot,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import {
  type ArchiveAllOptions,
  type ArchiveOptions,
  type ArchivePage,
  archive,
  archiveAll,
  archiveFilters,
} from "./archive.ts";
import { type CommandOptions, type CommandStep, command } from "./command.ts";
import { type DiscoInfo, type DiscoOptions, disco, items } from "./disco.ts";
import { type ExternalServicesOptions, externalServices } from "./external-services.ts";
import { askJson, type JsonPayload } from "./json-payload.ts";
import { lastActivity } from "./last-activity.ts";
import { offerUrl } from "./oob.ts";
import { ping } from "./ping.ts";
import type { QueryOptions } from "./query-options.ts";
import { type Statistic, type StatisticsOptions, statistics } from "./statistics.ts";
import { time } from "./time.ts";
import { uploadSlot } from "./upload-slot.ts";
import { version } from "./version.ts";

/**
 * Questions that XMPP has a standard for. Each rejects with a `StanzaError` when the answer is an error, with a
 * `RestError` when there is none, and with the reason of its `signal` when that aborts.
 *
 * @example
 * ```ts
 * import type { RestClient } from "restanza/outbound";
 *
 * async function canUpload(client: RestClient, service: string): Promise<boolean> {
 *   const { features } = await client.query.disco(service);
 *   return features.has("urn:xmpp:http:upload:0");
 * }
 * ```
 */
export class Queries {
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

  /** Asks with JSON and resolves with the JSON of the answer (XEP-0432). */
  json(jid: string | Jid, payload: JsonPayload, options: QueryOptions = {}): Promise<JsonPayload> {
    return askJson(this.#client, jid, payload, options);
  }

  /** Takes one step of an ad-hoc command (XEP-0050). */
  command(jid: string | Jid, node: string, options: CommandOptions = {}): Promise<CommandStep> {
    return command(this.#client, jid, node, options);
  }

  /**
   * One page of an archive (XEP-0313): of an account or room.
   *
   * @param jid whose; `undefined` is the account that sends.
   */
  archive(jid?: string | Jid, options: ArchiveOptions = {}): Promise<ArchivePage> {
    return archive(this.#client, jid, options);
  }

  /**
   * All of an archive, message by message, from the oldest to the newest or the other way. A page is asked for when the one before it
   * is used up, and none that is not wanted.
   *
   * @param jid whose; `undefined` is the account that sends.
   * @example
   * ```ts
   * import type { RestClient } from "restanza/outbound";
   *
   * async function lastWords(client: RestClient, room: string, nick: string) {
   *   for await (const { message } of client.query.archiveAll(room, { first: "newest", max: 50 }))
   *     if (message.from?.resource === nick) return message.body;
   *   return undefined;
   * }
   * ```
   */
  archiveAll(
    jid?: string | Jid,
    options: ArchiveAllOptions = {},
  ): AsyncGenerator<ArchivedMessage, void, undefined> {
    return archiveAll(this.#client, jid, options);
  }

  /**
   * By what an archive can filter: the names of its form's fields (XEP-0313 §4.1.5).
   *
   * @param jid whose; `undefined` is the account that sends.
   */
  archiveFilters(jid?: string | Jid, options: QueryOptions = {}): Promise<ReadonlySet<string>> {
    return archiveFilters(this.#client, jid, options);
  }
}
