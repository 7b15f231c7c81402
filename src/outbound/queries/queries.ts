import type { z } from "zod";
import type { Jid } from "../../stanza/index.ts";
import type {
  ArchivedMessage,
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
import {
  type ArchiveAllOptions,
  type ArchiveOptions,
  type ArchivePage,
  archive,
  archiveAll,
  archiveFilters,
} from "./archive.ts";
import { type Avatar, type AvatarOptions, avatar } from "./avatar.ts";
import { Blocking } from "./blocking.ts";
import { type CommandItem, type CommandOptions, type CommandStep, command, commands } from "./command.ts";
import { type DiscoOptions, disco, items } from "./disco.ts";
import { type ExternalServicesOptions, externalServices } from "./external-services.ts";
import type { FormFill, FormValues } from "./form-values.ts";
import { askJson, type JsonPayload } from "./json-payload.ts";
import { lastActivity } from "./last-activity.ts";
import { offerUrl } from "./oob.ts";
import { ping } from "./ping.ts";
import { PubSub } from "./pubsub.ts";
import type { QueryOptions } from "./query-options.ts";
import { register, registration } from "./registering.ts";
import { type CommandResult, type RemoteCommand, runCommand } from "./run-command.ts";
import { type Statistic, type StatisticsOptions, statistics } from "./statistics.ts";
import { time } from "./time.ts";
import { uploadSlot } from "./upload-slot.ts";
import { vcard } from "./vcard.ts";
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

  /** The ad-hoc commands that an entity offers to who asks (XEP-0050 §2.2). */
  commands(jid: string | Jid, options: QueryOptions = {}): Promise<readonly CommandItem[]> {
    return commands(this.#client, jid, options);
  }

  /** Takes one step of an ad-hoc command (XEP-0050). @throws CommandRefusedError, a `StanzaError` with a reason. */
  command(jid: string | Jid, node: string, options: CommandOptions = {}): Promise<CommandStep> {
    return command(this.#client, jid, node, options);
  }

  /**
   * Runs an ad-hoc command from its first stage to its last (XEP-0050): what is given is filled into its forms, whichever of them
   * asks for it; what a form has already stays.
   *
   * @param command its node, or a typed one, such as one of `serverCommands`.
   * @throws CommandRefusedError where it may not be run, or a session has ended; CommandFormError where what is given does not fit its
   *   forms; CommandFailedError where it says that it has failed; ZodError where a typed one gets or gives something else.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears("uptime", async (ctx) => {
   *   const commands = await ctx.calls.commands("example.com");
   *   const { text } = await ctx.calls.run("example.com", "uptime");
   *   return `${text}. It has ${commands.length} commands for me.`;
   * });
   * ```
   */
  run(
    jid: string | Jid,
    command: string,
    given?: FormFill,
    options?: QueryOptions,
  ): Promise<CommandResult<FormValues>>;
  run<Command extends RemoteCommand>(
    jid: string | Jid,
    command: Command,
    ...rest: Given<Command>
  ): Promise<CommandResult<Output<Command>>>;
  run(
    jid: string | Jid,
    command: string | RemoteCommand,
    given?: unknown,
    options: QueryOptions = {},
  ): Promise<CommandResult<unknown>> {
    return runCommand(
      this.#client,
      jid,
      typeof command === "string" ? { node: command } : command,
      given,
      options,
    );
  }

  /**
   * A service of publish-subscribe (XEP-0060).
   *
   * @param jid of the service, or a bare JID for the nodes of a person (XEP-0163); `undefined` is the account that sends.
   */
  pubsub(jid?: string | Jid): PubSub {
    return new PubSub(this.#client, jid);
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

/** What comes of a typed command. */
type Output<Command extends RemoteCommand> = Command extends {
  readonly result: infer Result extends z.ZodType;
}
  ? z.output<Result>
  : FormValues;

/** What a typed command takes. */
type Given<Command extends RemoteCommand> = Command extends {
  readonly fields: infer Fields extends z.ZodType;
}
  ? undefined extends z.input<Fields>
    ? [given?: z.input<Fields>, options?: QueryOptions]
    : [given: z.input<Fields>, options?: QueryOptions]
  : [given?: FormFill, options?: QueryOptions];
