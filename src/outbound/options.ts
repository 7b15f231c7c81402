import type { Logger } from "pino";
import type { Credentials } from "./credentials/credentials.ts";
import type { HttpTransport } from "./transport.ts";

/** How to reach mod_rest; times are in milliseconds, sizes in bytes. */
export interface RestClientOptions {
  /** Where mod_rest answers, such as `http://127.0.0.1:5280/rest`. */
  readonly url: string | URL;
  /** Who sends: {@link bearer}, {@link componentSecret}, {@link accountPassword} or {@link oauth2}. */
  readonly credentials: Credentials;
  /** The virtual host or component that Prosody chooses by the `Host` header. Default: the host of `url`. */
  readonly host?: string | undefined;
  /** The domain of every `from`; a stanza from elsewhere is refused before it leaves. Default: Prosody decides. */
  readonly domain?: string | undefined;
  /**
   * Whether the credential may go over plain HTTP to another machine, as on a private network between containers.
   * Default: only to this machine itself.
   */
  readonly allowInsecureRequests?: boolean | undefined;
  /** For what happens here; bodies and credentials are never logged. Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** Default `restanza`. */
  readonly userAgent?: string | undefined;
  /** Connections for messages and presence at most. Default 16. */
  readonly connections?: number | undefined;
  /** IQs in flight at most, each on a connection of its own. Default and largest 256, where Prosody drops the oldest. */
  readonly maxIqs?: number | undefined;
  /** How long an IQ waits for its answer. Default 30,000, at most 300,000. */
  readonly iqTimeout?: number | undefined;
  /** How long making a connection may take. Default 10,000. */
  readonly connectTimeout?: number | undefined;
  /** How long Prosody may take to begin its answer to a message or presence. Default 30,000. */
  readonly headersTimeout?: number | undefined;
  /** How long an answer may take from its beginning to its end. Default 30,000. */
  readonly bodyTimeout?: number | undefined;
  /** How long an unused connection is kept. Default 4,000: less than any server keeps its end. */
  readonly keepAliveTimeout?: number | undefined;
  /** Largest stanza to send, as Prosody's `rest_stanza_size_limit` has it. Default 196,608 (192 KiB). */
  readonly maxStanzaBytes?: number | undefined;
  /** Largest answer to read. Default 8,388,608 (8 MiB). */
  readonly maxResponseBytes?: number | undefined;
  /** @internal What carries the requests; default: HTTP connections. */
  readonly transport?: HttpTransport | undefined;
}

/** @internal Options with their defaults, checked. */
export interface RestClientSettings {
  readonly url: URL;
  readonly path: string;
  readonly host: string;
  readonly domain: string | undefined;
  readonly logger: Logger | undefined;
  readonly userAgent: string;
  readonly connections: number;
  readonly maxIqs: number;
  readonly iqTimeout: number;
  readonly connectTimeout: number;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  readonly keepAliveTimeout: number;
  readonly maxStanzaBytes: number;
  readonly maxResponseBytes: number;
}

/** mod_rest's `rest_iq_max_timeout`. */
export const LONGEST_IQ_TIMEOUT = 300_000;

/** The IQs that Prosody tracks for a module; one more pushes out the oldest. */
const MOST_IQS = 256;

const LONGEST = 2 ** 31 - 1;

/** @internal */
export function readOptions(options: RestClientOptions): RestClientSettings {
  const url = readUrl(options.url);
  if (url.protocol === "http:" && !isLoopback(url.hostname) && options.allowInsecureRequests !== true) {
    throw new TypeError(
      `the credential would travel unencrypted to ${url.host}: use https, or set allowInsecureRequests where nobody else can listen, such as between containers of one machine`,
    );
  }
  return {
    url,
    path: url.pathname.replace(/\/+$/, ""),
    host: readHost(options.host ?? url.host),
    domain: options.domain?.toLowerCase(),
    logger: options.logger,
    userAgent: readUserAgent(options.userAgent ?? "restanza"),
    connections: whole("connections", options.connections ?? 16, 1, 4096),
    maxIqs: whole("maxIqs", options.maxIqs ?? MOST_IQS, 1, MOST_IQS),
    iqTimeout: whole("iqTimeout", options.iqTimeout ?? 30_000, 1, LONGEST_IQ_TIMEOUT),
    connectTimeout: whole("connectTimeout", options.connectTimeout ?? 10_000, 1, LONGEST),
    headersTimeout: whole("headersTimeout", options.headersTimeout ?? 30_000, 1, LONGEST),
    bodyTimeout: whole("bodyTimeout", options.bodyTimeout ?? 30_000, 1, LONGEST),
    keepAliveTimeout: whole("keepAliveTimeout", options.keepAliveTimeout ?? 4_000, 1, LONGEST),
    maxStanzaBytes: whole("maxStanzaBytes", options.maxStanzaBytes ?? 192 * 1024, 0, LONGEST),
    maxResponseBytes: whole("maxResponseBytes", options.maxResponseBytes ?? 8 * 1024 * 1024, 0, LONGEST),
  };
}

/** @internal */
export function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${value}; give a whole number from ${least} to ${most}`);
}

/** @internal Whether a host name of a URL is this machine itself, where nobody can listen on the way. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

function readUrl(given: string | URL): URL {
  const url = URL.parse(String(given));
  // The URL itself is not shown: it may hold the very credential that this refuses.
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new TypeError("url is no http or https URL; give the one of mod_rest, http://127.0.0.1:5280/rest");
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(
      "url holds a user name or password, which ends up in logs; give it as credentials instead, such as componentSecret(domain, secret)",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new TypeError("url has a query or a fragment, which mod_rest has no use for; leave it out");
  }
  return url;
}

function readHost(host: string): string {
  if (/^[\w.:[\]-]+$/.test(host)) return host;
  throw new TypeError(
    `${JSON.stringify(host)} cannot stand in a Host header; give the name of a host of Prosody, an internationalised one as xn--…`,
  );
}

function readUserAgent(name: string): string {
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(name)) return name;
  throw new TypeError(`${JSON.stringify(name)} cannot stand in a User-Agent header; use letters of ASCII`);
}
