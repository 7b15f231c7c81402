import type { Jid } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import type { BotHandle } from "../bot-handle.ts";
import type { Context } from "../context.ts";
import { misfit } from "../json-fit.ts";
import type { Plugin } from "../plugin.ts";
import { BufferedStorage, type Storage } from "../storage.ts";
import { SessionValueError, SessionVersionError } from "./errors.ts";
import { keyOf, type SessionKey } from "./key.ts";

/** What {@link session} takes. */
export interface SessionOptions<Data extends object, Name extends string = "session"> {
  /** What a session is before anything was stored. */
  readonly initial: (ctx: Context) => Data;
  /** Whose it is; default `user`. */
  readonly key?: SessionKey;
  /** Which shape of the data this is, from 1; default 1. Raise it, and give `migrate`, when the shape changes. */
  readonly version?: number;
  /** Makes data of this version from that of an earlier one. */
  readonly migrate?: (data: unknown, version: number) => Data;
  /** After how many milliseconds without a change a session is forgotten; default: never. */
  readonly ttl?: number;
  /** How large a session may be as JSON, in bytes; default 65,536. */
  readonly maxBytes?: number;
  /** The property of the context that it is; default `session`. A bot with several sessions gives each a name. */
  readonly name?: Name;
}

/** What {@link session} adds to the context. */
export type SessionContext<Data extends object, Name extends string = "session"> = {
  /** The session; to be changed in place. It is read from the store when this is looked at first. */
  readonly [Key in Name]: Promise<Data>;
};

interface Stored {
  readonly version: number;
  readonly data: JsonValue;
}

const AREA = "sessions";

/**
 * A plugin that remembers something about a person, a room or a conversation between one stanza and the next.
 *
 * `await ctx.session` reads it, once a stanza; a handler that never asks costs nothing. What the handler leaves in it is stored
 * when it is through, if it is not as before, together with the note that the stanza is handled. No update is lost: where two
 * conversations change the same session at once, the later one is handled again from what the earlier one has left.
 *
 * @throws TypeError or RangeError when an option cannot be one. Looking at it rejects with a {@link SessionVersionError} where
 *   what is stored is of another version; a handler fails with a {@link SessionValueError} where it leaves too much.
 * @example
 * ```ts
 * import { defineBot, session } from "restanza";
 *
 * defineBot({
 *   name: "counter",
 *   summary: "counts what you say",
 *   routes(bot) {
 *     const counting = bot.extend(session({ initial: () => ({ count: 0 }) }));
 *     counting.on("message:body", async (ctx) => {
 *       const session = await ctx.session;
 *       session.count += 1;
 *       return `That was number ${session.count}.`;
 *     });
 *   },
 * });
 * ```
 */
export function session<Data extends object, const Name extends string = "session">(
  options: SessionOptions<Data, Name>,
): Plugin<SessionContext<Data, Name>> & SessionReader<Data> {
  const sessions = new Sessions(options);
  return {
    read: (bot, whose) => sessions.read(bot, String(whose)),
    add: (ctx) => {
      let opened: Promise<Data> | undefined;
      const added = {};
      Object.defineProperty(added, sessions.name, {
        get: () => {
          opened ??= sessions.open(ctx);
          return opened;
        },
        enumerable: true,
      });
      return added as SessionContext<Data, Name>;
    },
  };
}

/** How web hooks and other hooks of the bot read a session. */
export interface SessionReader<Data extends object> {
  /**
   * Reads what is kept for somebody, as their last handler has left it.
   *
   * @param whose what it belongs to, as its `key` says: the bare address of a person or room, the address of an occupant, or what a function
   *   names.
   * @returns `undefined` where there is nothing.
   * @throws SessionVersionError when it cannot be migrated.
   * @example
   * ```ts
   * import { defineBot, session } from "restanza";
   *
   * const visits = session({ initial: () => ({ count: 0 }) });
   *
   * defineBot({
   *   name: "door",
   *   summary: "counts visits",
   *   routes: (bot) => void bot.extend(visits).on("message:body", async (ctx) => `Number ${++(await ctx.session).count}.`),
   *   web: (app, bot) =>
   *     void app.get("/:who", async (c) => c.json(await visits.read(bot, c.req.param("who")))),
   * });
   * ```
   */
  read(bot: Pick<BotHandle, "jid" | "store">, whose: Jid | string): Promise<Data | undefined>;
}

class Sessions<Data extends object> {
  readonly name: string;
  readonly #initial: (ctx: Context) => Data;
  readonly #key: SessionKey;
  readonly #version: number;
  readonly #migrate: ((data: unknown, version: number) => Data) | undefined;
  readonly #ttl: number | undefined;
  readonly #maxBytes: number;

  constructor(options: SessionOptions<Data, string>) {
    const { key = "user", version = 1, ttl, maxBytes = 65_536, name = "session" } = options;
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
      throw new TypeError(
        `a session cannot be called ${JSON.stringify(name)}: handlers read it as ctx.NAME, so use letters and digits`,
      );
    }
    for (const [what, number] of Object.entries({ version, ttl: ttl ?? 1, maxBytes })) {
      if (!Number.isSafeInteger(number) || number < 1)
        throw new RangeError(`the ${what} of ctx.${name} is ${number}; give a whole number from 1 up`);
    }
    this.name = name;
    this.#initial = options.initial;
    this.#key = key;
    this.#version = version;
    this.#migrate = options.migrate;
    this.#ttl = ttl;
    this.#maxBytes = maxBytes;
  }

  async open(ctx: Context): Promise<Data> {
    const area = ctx.effects.area(AREA, { guarded: true });
    const key = `${this.name} ${keyOf(ctx, this.#key)}`;
    const stored = (await area.get(key)) as Stored | undefined;
    const data = stored === undefined ? this.#initial(ctx) : this.#current(stored);
    // What was migrated is stored even where it is only read, so that each is migrated once.
    const before = stored === undefined || stored.version === this.#version ? textOf(data) : undefined;
    ctx.effects.atEnd(() => this.#save(area, key, data, before));
    return data;
  }

  async read({ store, jid }: Pick<BotHandle, "jid" | "store">, whose: string): Promise<Data | undefined> {
    if (store === undefined) return undefined;
    const area = new BufferedStorage(store, jid.toString()).area(AREA);
    const stored = (await area.get(`${this.name} ${whose}`)) as Stored | undefined;
    return stored === undefined ? undefined : this.#current(stored);
  }

  #current({ version, data }: Stored): Data {
    if (version === this.#version) return data as unknown as Data;
    if (version > this.#version) {
      throw new SessionVersionError(
        `ctx.${this.name} was stored in version ${version} by a later edition of the bot, and this one knows version ${this.#version}; it was left as it is: run the later edition again, or have this one read that version`,
      );
    }
    if (this.#migrate === undefined) {
      throw new SessionVersionError(
        `ctx.${this.name} was stored in version ${version}, and the bot wants version ${this.#version}; it was left as it is: give session() a migrate function that makes the one from the other`,
      );
    }
    return this.#migrate(data, version);
  }

  #save(area: Storage, key: string, data: Data, before: string | undefined): void {
    const problem = misfit(data, `ctx.${this.name}`);
    if (problem !== undefined) {
      throw new SessionValueError(
        `${problem}, which cannot be stored as JSON; keep text, numbers, true and false, null, lists and plain objects of these`,
      );
    }
    const text = textOf(data);
    if (text === before) return;
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#maxBytes) {
      throw new SessionValueError(
        `ctx.${this.name} has grown to ${bytes} bytes, and may have ${this.#maxBytes}; keep less in it, put what grows under keys of ctx.storage, or raise maxBytes`,
      );
    }
    const stored: Stored = { version: this.#version, data: JSON.parse(text) as JsonValue };
    area.set(key, stored as unknown as JsonValue, { ttl: this.#ttl });
  }
}

function textOf(data: object): string {
  return JSON.stringify(data);
}
