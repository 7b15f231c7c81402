import type { z } from "zod";
import type { Jid } from "../../stanza/index.ts";
import type { ArchivedMessage } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import {
  type ArchiveAllOptions,
  type ArchiveOptions,
  type ArchivePage,
  archive,
  archiveAll,
  archiveFilters,
} from "./archive.ts";
import { type CommandItem, type CommandOptions, type CommandStep, command, commands } from "./command.ts";
import { EntityQueries } from "./entity-queries.ts";
import type { FormFill, FormValues } from "./form-values.ts";
import { PubSub } from "./pubsub.ts";
import type { QueryOptions } from "./query-options.ts";
import { type CommandResult, type RemoteCommand, runCommand } from "./run-command.ts";
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
export class Queries extends EntityQueries {
  readonly #client: Requester;

  constructor(client: Requester) {
    super(client);
    this.#client = client;
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
   * asks for it; what a form has already stays. Where stages have fields of the same name, give a list: one for each stage.
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
    given?: FormFill | readonly FormFill[],
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
  : [given?: FormFill | readonly FormFill[], options?: QueryOptions];
