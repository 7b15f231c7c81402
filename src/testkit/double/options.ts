import type { Logger } from "pino";

/** Which release of Prosody the double behaves like, where they differ. */
export type ProsodyVersion = "13.0.1" | "13.0.7";

/** Which stanzas a host calls back about, how, and where to. */
export interface CallbackOptions {
  /**
   * `rest_callback_url`: may hold userinfo, which becomes Basic credentials, and the placeholders `{kind}`, `{type}`,
   * `{to}` and `{from}`.
   */
  readonly url: string;
  /** `rest_callback_content_type`, until the answer to the probe names another. Default `application/xmpp+xml`. */
  readonly contentType?:
    | "application/xmpp+xml"
    | "application/json"
    | "application/x-www-form-urlencoded"
    | "json"
    | undefined;
  /** `rest_callback_stanzas`. Default: all three. */
  readonly stanzas?: readonly ("message" | "presence" | "iq")[] | undefined;
  /** `rest_callback_events`. Default: all three on a component, `host` on a VirtualHost. */
  readonly events?: readonly ("bare" | "full" | "host")[] | undefined;
  /**
   * The callbacks of one moment leave in an order drawn from this seed. Default: drawn anew at each start, as a stock
   * mount keeps no order either.
   */
  readonly shuffleSeed?: number | undefined;
  /**
   * Carry the callbacks as `mod_restanza_callback` does: in order in each conversation, over lasting connections, and kept
   * while the web server is away.
   */
  readonly carried?: CarriedOptions | undefined;
}

/** What `mod_restanza_callback` can be told. */
export interface CarriedOptions {
  /** `restanza_callback_keys`: each signs, `whsec_` and Base64 or plain text. Default: callbacks go out unsigned. */
  readonly keys?: readonly string[] | undefined;
  /** `restanza_callback_hold`: how long a message or presence is kept while the web server is away, in milliseconds; 0 for not at all. Default 300,000. */
  readonly hold?: number | undefined;
  /** `restanza_callback_connections`. Default 64. */
  readonly connections?: number | undefined;
  /** `restanza_callback_queue`: stanzas that may wait. Default 10,000. */
  readonly queue?: number | undefined;
  /** `restanza_callback_queue_per_conversation`. Default 1,000. */
  readonly queuePerConversation?: number | undefined;
  /** `restanza_callback_queue_bytes`. Default 64 MiB. */
  readonly queueBytes?: number | undefined;
  /** `restanza_callback_timeout`, in milliseconds. Default 120,000. */
  readonly timeout?: number | undefined;
}

/** A VirtualHost with accounts. */
export interface VirtualHostOptions {
  readonly domain: string;
  /** Localparts and passwords. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Whether `mod_rest` is loaded on it. Default true. */
  readonly rest?: boolean | undefined;
  readonly callback?: CallbackOptions | undefined;
}

/** A Component with `mod_rest`. */
export interface RestComponentOptions {
  readonly domain: string;
  readonly callback?: CallbackOptions | undefined;
  /** `component_secret`. */
  readonly secret?: string | undefined;
  /**
   * The static bearer tokens of `mod_restanza_token`. With a list, even an empty one, that module counts as loaded
   * and the secret works as Basic and bearer credential as well; without, it is a stock mount.
   */
  readonly tokens?: readonly string[] | undefined;
}

/** What {@link ModRestDouble.start} takes. */
export interface ModRestDoubleOptions {
  /** Default `13.0.7`. */
  readonly version?: ProsodyVersion | undefined;
  /** Where to listen; a loopback address. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default: `localhost` without accounts. */
  readonly virtualHosts?: readonly VirtualHostOptions[] | undefined;
  readonly components?: readonly RestComponentOptions[] | undefined;
  /** `http_default_host`: answers where the `Host` header names none of ours. Default: the first component. */
  readonly defaultHost?: string | undefined;
  /** Domains of room services. */
  readonly rooms?: readonly string[] | undefined;
  /** Whether the rooms there keep what is said, and give each message an id of its own. Default: no. */
  readonly roomArchives?: boolean | undefined;
  /** Where to log what Prosody would log. Default: nowhere. */
  readonly logger?: Logger | undefined;
}
