import { z } from "zod";
import { isSignatureKey } from "../callback/index.ts";
import { Jid } from "../stanza/index.ts";
import { contactFields } from "./contacts-config.ts";
import { downloadFields, uploadFields } from "./files-config.ts";
import { webFields } from "./hooks/index.ts";
import { isolationFields } from "./isolation-config.ts";
import { permissionFields } from "./permissions-config.ts";
import { profileFields } from "./profiles-config.ts";
import { storeProblem } from "./store-location.ts";

/** Lets a check run beside others that have failed already, so that every problem is listed at once. */
function isObject({ value }: { value: unknown }): boolean {
  return typeof value === "object" && value !== null;
}

/** Where state is kept: the path of a file for SQLite, or a `postgres://` URL. */
export const storeSchema = z
  .string("is no text; give the path of a file, or a postgres:// URL")
  .min(1, "is empty; leave it out, or give the path of a file, or a postgres:// URL")
  .superRefine((store, check) => {
    const message = storeProblem(store);
    if (message !== undefined) check.addIssue({ code: "custom", message });
  })
  .default(".restanza/store.sqlite");

const domain = z
  .string({ error: "is missing: the name of the component or virtual host, such as bots.example.org" })
  .refine((text) => Jid.isValid(text) && Jid.parse(text).local === undefined && Jid.parse(text).isBare, {
    error: "is no domain; give the name of the component or virtual host alone, such as bots.example.org",
  })
  .transform((text) => Jid.parse(text).domain);

const secret = z.string().min(1, "is empty; leave it out, or give the secret");

const pace = z.strictObject({
  /** In the long run; a fraction for less than one a second. */
  perSecond: z.number().positive().max(1_000_000),
  /** How many may go at once after a while of silence. */
  burst: z.int().min(1).max(1_000_000),
});

const rest = z
  .strictObject({
    /** Where mod_rest answers. */
    url: z.url({
      protocol: /^https?$/,
      error: ({ input }) =>
        `is ${input === undefined ? "missing" : "no http URL"}: where Prosody's mod_rest answers, such as http://127.0.0.1:5280/rest`,
    }),
    /** A bearer token that mod_restanza_token, or an OAuth 2.0 server, gave out. */
    token: secret.optional(),
    /** The component's secret, or an account's password. */
    secret: secret.optional(),
    /** How to use `secret`; default `basic`. */
    auth: z.enum(["basic", "oauth2"], { error: "is neither basic nor oauth2" }).default("basic"),
    /** The account's localpart, on a virtual host; a component has none. */
    user: z.string().min(1).optional(),
    /** The virtual host that Prosody chooses by the `Host` header; default: the mount's domain. */
    host: z.string().min(1).optional(),
    /** Whether credentials may travel over plain HTTP to another machine; default: no. */
    allowInsecure: z.boolean().default(false),
    /** How fast stanzas may go; default: as fast as Prosody takes them. */
    pace: pace.optional(),
    /** How fast messages to one room may go; `false` for as fast as others; default: 5 at once, then 2 a second. */
    roomPace: z
      .union([z.literal(false), pace], {
        error: "is neither false nor a pace such as { perSecond: 2, burst: 5 }",
      })
      .optional(),
  })
  .refine((value) => value.token !== undefined || value.secret !== undefined, {
    path: ["token"],
    error:
      "has to be given, a bearer token, or else secret (RESTANZA_SECRET), the component's secret or the account's password",
    when: isObject,
  })
  .refine((value) => value.token === undefined || value.secret === undefined, {
    path: ["token"],
    error: "is given, and secret (RESTANZA_SECRET) too: leave out the one that restanza shall not use",
    when: isObject,
  });

// mod_rest decodes nothing in the userinfo of a URL, so what would have to be encoded there cannot be a credential.
const credential = z
  .string()
  .regex(
    /^[\w.~-]+:[\w.~-]{8,}$/,
    "is not user:secret as in the userinfo of rest_callback_url, of letters, digits, - and _, the secret of 8 or more",
  );

const KEY_MEND = "make one with: echo whsec_$(openssl rand -base64 32)";

const key = z
  .string()
  .min(24, { error: `is too short for a key; ${KEY_MEND}`, abort: true })
  .refine(
    (text) => isSignatureKey(text),
    `is no key, as what follows whsec_ is no Base64 of 16 bytes; ${KEY_MEND}`,
  );

const callbackFields = z.strictObject({
  /** What `rest_callback_url` carries before the `@`; two while one replaces the other. */
  auth: z.array(credential).default([]),
  /** The keys of mod_restanza_callback; two while one replaces the other. */
  keys: z.array(key).default([]),
  /** How far the clocks of both machines may be apart, in seconds. */
  tolerance: z.number().positive().default(120),
  /** Without keys: for how long the same message from the same sender is taken for the one before, in milliseconds; 0 for not at all. */
  dedupe: z.int().min(0).default(60_000),
  /** The format to ask Prosody for; `prosody` leaves the choice to `rest_callback_content_type`. */
  format: z.enum(["xml", "json", "form", "prosody"]).default("xml"),
});

const callback = callbackFields.refine(({ auth, keys }) => auth.length > 0 || keys.length > 0, {
  path: ["auth"],
  error:
    "is missing, so anybody could send callbacks: give user:secret, and put the same before the @ of rest_callback_url in Prosody's configuration",
  when: isObject,
});

const roomAddress = z
  .string()
  .refine((text) => Jid.isValid(text), "is no JID of a room, such as room@muc.example.org/nickname");

const mountFields = {
  domain,
  rest: rest.prefault({} as z.input<typeof rest>),
  ...uploadFields,
  /** The names of the bots there; default: all. */
  bots: z.array(z.string()).optional(),
  /** The bot at the domain itself; default `help`, where there is such a bot. */
  host: z.string().optional(),
  /** The bot at every address that is no bot's name; default: none. */
  catchAll: z.string().optional(),
  /**
   * Rooms to join at the start, by the name of the bot: `room@service`, `room@service/nickname`, or one of these with the password that the
   * room wants, as `{ room, password }`.
   */
  rooms: z
    .record(
      z.string(),
      z.array(z.union([roomAddress, z.strictObject({ room: roomAddress, password: z.string() })])),
    )
    .default({}),
};

const mount = z.strictObject({ ...mountFields, callback: callback.prefault({}) });
const developmentMount = z.strictObject({ ...mountFields, callback: callbackFields.prefault({}) });

const milliseconds = z.int().positive();

const timeouts = z.strictObject({
  /** Over the head of a request. */
  head: milliseconds.default(10_000),
  /** Over a whole request. */
  request: milliseconds.default(30_000),
  /** Between two requests of a lasting connection; longer than `restanza_callback_idle` of mod_restanza_callback. */
  idle: milliseconds.default(75_000),
});

const fields = {
  /** The address of the callback server. */
  host: z.string().min(1).default("127.0.0.1"),
  /** Its port; 0 takes any that is free. */
  port: z.int().min(0).max(65535).default(9003),
  /** The folder of the bots, a folder for each. */
  botsDir: z.string().default("bots"),
  /** Each bot's own configuration by its name. */
  bots: z.record(z.string(), z.unknown()).default({}),
  ...profileFields,
  ...contactFields,
  ...isolationFields,
  ...permissionFields,
  ...webFields,
  ...downloadFields,
  /** How long a callback may stay unanswered while its handler is at work, in milliseconds; 0 has all but answers to IQs go by POST. */
  deadline: z.int().min(0).max(600_000).default(500),
  /** The largest callback, in bytes. */
  maxBytes: z
    .int()
    .positive()
    .default(1024 * 1024),
  /** How long connections to the callback server may take, in milliseconds. */
  timeouts: timeouts.prefault({}),
  /** How long a shutdown may take, in milliseconds. */
  shutdownTimeout: z.int().min(0).default(10_000),
  /** Where state is kept: the path of a file for SQLite, or `postgres://user:password@host/database`. */
  store: storeSchema,
  /** How long a process may be silent before others take its conversations over, in milliseconds; where they share a store. */
  leaseDuration: z
    .int()
    .min(1_000, "is under 1,000; a process that is only busy would lose its conversations")
    .max(600_000, "is over 600,000; conversations of a process that has ended would wait for that long")
    .default(10_000),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** Reloads bots as they are saved, and lets callbacks in without a credential where none is configured. */
  development: z.boolean().default(false),
};

/** Checks a configuration: every field with its default, and what to do where it does not fit. */
export const configSchema = z.strictObject({ ...fields, mounts: mounts(mount) });

/** The same for development, where callbacks may come without a credential. */
export const developmentSchema = z.strictObject({ ...fields, mounts: mounts(developmentMount) });

/** Where nothing is configured at all, what one mount lacks is what is to be told. */
function mounts<Schema extends typeof mount | typeof developmentMount>(schema: Schema) {
  return z
    .array(schema)
    .min(1, "is empty: list at least one mount")
    .prefault([{}] as z.input<Schema>[])
    .superRefine((all, check) => {
      for (const [index, { domain: name }] of all.entries()) {
        if (all.findIndex((other) => other.domain === name) === index) continue;
        check.addIssue({ code: "custom", path: [index, "domain"], message: `is ${name} a second time` });
      }
    });
}

/** A configuration as somebody writes it; what has a default can be left out. */
export type Config = z.input<typeof configSchema>;

/** A configuration that has been checked, its defaults filled in. */
export type CheckedConfig = z.output<typeof configSchema>;

/** One domain of a {@link CheckedConfig}. */
export type MountConfig = CheckedConfig["mounts"][number];

/**
 * Helps an editor complete a configuration file.
 *
 * @example
 * ```ts
 * import { defineConfig } from "restanza";
 *
 * export default defineConfig({
 *   mounts: [
 *     {
 *       domain: "bots.example.org",
 *       rest: { url: "http://127.0.0.1:5280/rest", token: "a-token-of-mod_restanza_token" },
 *       callback: { auth: ["prosody:a-long-secret"] },
 *     },
 *   ],
 *   bots: { hello: { greeting: "Moin" } },
 * });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
