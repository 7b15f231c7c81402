import type { lookup as resolve } from "node:dns";
import { Agent, type Dispatcher, request } from "undici";
import type { Jid } from "../../stanza/index.ts";
import { DownloadError } from "./download-error.ts";
import { guardAddress, guardedLookup } from "./guarded-connect.ts";
import { LeastRate } from "./least-rate.ts";
import { type Share, Shares } from "./shares.ts";

/** What a {@link Downloader} may do. */
export interface DownloaderOptions {
  /** The largest file, in bytes; default 10 MiB. */
  readonly maxBytes?: number | undefined;
  /** How long one download may take, in milliseconds; default 30,000. */
  readonly timeout?: number | undefined;
  /**
   * How many go on at once; others wait. Default 8. Half of them at most are from one web server, half for one bot, and half for one domain
   * of senders; a quarter is for one sender.
   */
  readonly concurrency?: number | undefined;
  /** The only hosts to download from; default: all on the public internet. */
  readonly hosts?: readonly string[] | undefined;
  /** Hosts whose addresses may be private, such as an upload server in the operator's own network; default: none. */
  readonly privateHosts?: readonly string[] | undefined;
  /** @internal For how long to wait for each 10 KiB, in milliseconds; default 10,000. */
  readonly patience?: number | undefined;
  /** @internal Looks hosts up; default: the system does. */
  readonly lookup?: typeof resolve | undefined;
  /** @internal Whom to trust besides the system, in PEM. */
  readonly ca?: string | undefined;
}

/** What can be said of one download. */
export interface DownloadOptions {
  /** The largest file, in bytes; never more than the operator allows. */
  readonly maxBytes?: number | undefined;
  /** The only media types to take, such as `image/png`, or `image/*`; default: all. */
  readonly mediaTypes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @internal For whom it is, so that nobody takes all places. */
  readonly party?: { readonly bot: Jid; readonly sender: Jid } | undefined;
}

/** A file that was downloaded. What it says of itself need not be so. */
export interface Downloaded {
  readonly data: Uint8Array<ArrayBuffer>;
  /** As the web server has it, without parameters; `application/octet-stream` where it says nothing, or no media type. */
  readonly mediaType: string;
}

/** How large a file may be unless the operator says otherwise, in bytes. */
export const DEFAULT_DOWNLOAD_BYTES = 10 * 1024 * 1024;

/** How long a download may take unless the operator says otherwise, in milliseconds. */
export const DEFAULT_DOWNLOAD_TIMEOUT = 30_000;

/** How much has to come in each {@link DownloaderOptions.patience}, in bytes, unless that is the end. */
const LEAST_BYTES = 10 * 1024;
const PATIENCE = 10_000;

/**
 * Downloads what strangers have named, without letting them reach anything but files on public web servers: `https` alone, no address
 * that is not public, connected to exactly what was checked, no redirects, nothing unpacked, bounded in size, time and number.
 */
export class Downloader {
  readonly #maxBytes: number;
  readonly #timeout: number;
  readonly #hosts: ReadonlySet<string> | undefined;
  readonly #privateHosts: ReadonlySet<string>;
  readonly #places: Shares;
  readonly #concurrency: number;
  readonly #patience: number;
  readonly #agent: Agent;

  constructor(options: DownloaderOptions = {}) {
    const {
      maxBytes = DEFAULT_DOWNLOAD_BYTES,
      timeout = DEFAULT_DOWNLOAD_TIMEOUT,
      concurrency = 8,
      patience = PATIENCE,
    } = options;
    this.#maxBytes = maxBytes;
    this.#timeout = timeout;
    this.#hosts = options.hosts && new Set(options.hosts);
    this.#privateHosts = new Set(options.privateHosts);
    this.#places = new Shares(concurrency);
    this.#concurrency = concurrency;
    this.#patience = patience;
    this.#agent = new Agent({
      pipelining: 0,
      connect: {
        lookup: guardedLookup(this.#privateHosts, options.lookup),
        ...(options.ca !== undefined && { ca: options.ca }),
      },
    });
  }

  /**
   * Downloads a file.
   *
   * @throws DownloadError where it may not, or it does not work; the signal's reason when that aborts.
   */
  async download(url: string, options: DownloadOptions = {}): Promise<Downloaded> {
    const target = this.#check(url);
    const { signal, mediaTypes, party, maxBytes = this.#maxBytes } = options;
    const late = AbortSignal.timeout(this.#timeout);
    const either = signal === undefined ? late : AbortSignal.any([signal, late]);
    let release: (() => void) | undefined;
    try {
      release = await this.#places.acquire(this.#shares(target, party), either);
      using rate = new LeastRate(LEAST_BYTES, this.#patience, () => this.#slow(target));
      const answer = await request(target, {
        dispatcher: this.#agent,
        // Nothing is unpacked: a small file that unpacks into a huge one would pass the limit.
        headers: { "accept-encoding": "identity", "user-agent": "restanza" },
        signal: AbortSignal.any([either, rate.signal]),
      });
      const most = Math.min(maxBytes, this.#maxBytes);
      return await take(answer, target.hostname, most, mediaTypes, (bytes) => rate.count(bytes));
    } catch (error) {
      throw this.#explain(error, target, signal);
    } finally {
      release?.();
    }
  }

  /** Ends all downloads. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #check(url: string): URL {
    const target = URL.parse(url);
    if (target?.protocol === "aesgcm:")
      throw new DownloadError("url", "the file is encrypted (aesgcm, XEP-0454), so a bot cannot read it");
    if (target?.protocol !== "https:")
      throw new DownloadError(
        "url",
        "only what has an https URL is downloaded, so that it comes from whom it names",
      );
    if (target.username !== "" || target.password !== "")
      throw new DownloadError(
        "url",
        `the URL on ${target.hostname} has a user or a password in it, so it is not downloaded`,
      );
    if (this.#hosts !== undefined && !this.#hosts.has(target.hostname))
      throw new DownloadError(
        "host",
        `nothing is downloaded from ${target.hostname}: it is not among downloads.hosts of the configuration`,
      );
    guardAddress(target, this.#privateHosts);
    return target;
  }

  /** What a download takes a part of. */
  #shares({ host }: URL, party: DownloadOptions["party"]): readonly Share[] {
    const half = Math.ceil(this.#concurrency / 2);
    const from = [{ key: `from ${host}`, most: half }];
    if (party === undefined) return from;
    const { bot, sender } = party;
    const { bare, domain } = sender;
    return [
      ...from,
      { key: `bot ${bot}`, most: half },
      { key: `domain ${domain}`, most: half },
      { key: `sender ${bare}`, most: Math.ceil(this.#concurrency / 4) },
    ];
  }

  #slow({ hostname }: URL): DownloadError {
    return new DownloadError(
      "time",
      `${hostname} sent less than ${LEAST_BYTES} bytes of the file in ${this.#patience} ms, which is too slow to wait for the rest`,
    );
  }

  #explain(error: unknown, { hostname }: URL, signal: AbortSignal | undefined): unknown {
    if (error instanceof DownloadError || signal?.aborted) return signal?.aborted ? signal.reason : error;
    if (error instanceof Error && error.name === "TimeoutError")
      return new DownloadError("time", `${hostname} did not give the file within ${this.#timeout} ms`);
    return new DownloadError("connection", `the file could not be had from ${hostname}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function take(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  host: string,
  maxBytes: number,
  mediaTypes: readonly string[] | undefined,
  onBytes: (bytes: number) => void,
): Promise<Downloaded> {
  const mediaType = mediaTypeOf(headers["content-type"]);
  const refuse = (reason: ConstructorParameters<typeof DownloadError>[0], why: string): never => {
    body.on("error", () => undefined).destroy();
    throw new DownloadError(reason, why);
  };
  if (statusCode >= 300 && statusCode < 400)
    refuse("redirect", `${host} sends elsewhere for the file (${statusCode}), which is not followed`);
  if (statusCode !== 200) refuse("status", `${host} did not give the file: it answered with ${statusCode}`);
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity")
    refuse("type", `${host} sent the file packed although it was asked not to`);
  if (mediaTypes !== undefined && !mediaTypes.some((wanted) => fits(mediaType, wanted)))
    refuse("type", `the file at ${host} is ${mediaType}, not ${mediaTypes.join(" or ")}`);
  const tooLarge = `the file at ${host} is larger than ${maxBytes} bytes`;
  if (Number(headers["content-length"]) > maxBytes) refuse("size", tooLarge);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    onBytes(piece.length);
    if (bytes > maxBytes) refuse("size", tooLarge);
    pieces.push(piece);
  }
  return { data: new Uint8Array(Buffer.concat(pieces, bytes)), mediaType };
}

function mediaTypeOf(header: string | string[] | undefined): string {
  const [said = ""] = String(header ?? "").split(";", 1);
  const mediaType = said.trim().toLowerCase();
  return MEDIA_TYPE.test(mediaType) ? mediaType : "application/octet-stream";
}

/** RFC 6838 §4.2. */
const MEDIA_TYPE = /^[a-z\d][\w!#$&^.+-]{0,126}\/[a-z\d][\w!#$&^.+-]{0,126}$/;

/** Whether a media type is of a kind, which may be all subtypes of one (`image/*`). */
function fits(mediaType: string, wanted: string): boolean {
  return wanted.endsWith("/*") ? mediaType.startsWith(wanted.slice(0, -1)) : mediaType === wanted;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" ? code : String(message);
}
