import { isIP } from "node:net";
import { Agent, fetch, type Response } from "undici";
import { HiddenAddressError, isPublic, publicLookup } from "./addresses.ts";
import { type Feed, parseFeed } from "./parse-feed.ts";

/** By what a server knows whether a feed has changed (RFC 9110 §13.1). */
export interface Validators {
  readonly etag: string | null;
  readonly modified: string | null;
}

/** What has become of a request; without a feed it is as it was. */
export interface Fetched extends Validators {
  readonly feed: Feed | undefined;
}

/** Thrown when there is no feed to be had; the words are for people. */
export class FeedError extends Error {
  override name = "FeedError";
}

const LONGEST = 2 * 1024 * 1024;
const TIMEOUT = 15_000;
const MOST_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

// Each feed is fetched so seldom that no connection is worth keeping.
const limits = { pipelining: 0, connectTimeout: TIMEOUT, maxHeaderSize: 16_384 } as const;
const outside = new Agent({ ...limits, connect: { lookup: publicLookup } });
const anywhere = new Agent(limits);

/**
 * Fetches a feed, unless it is as it was.
 *
 * @param trusted the hosts that may have private addresses.
 * @throws {@link FeedError}
 */
export async function fetchFeed(
  address: string,
  { etag, modified }: Validators,
  { trusted, signal }: { readonly trusted: readonly string[]; readonly signal: AbortSignal },
): Promise<Fetched> {
  const headers = {
    accept: "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
    "user-agent": "restanza feeds",
    ...(etag === null ? {} : { "if-none-match": etag }),
    ...(modified === null ? {} : { "if-modified-since": modified }),
  };
  let url = checked(address, undefined);
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const isTrusted = trusted.includes(url.hostname);
      if (!isTrusted && isIP(bare(url.hostname)) !== 0 && !isPublic(bare(url.hostname)))
        throw new HiddenAddressError();
      const dispatcher = isTrusted ? anywhere : outside;
      const response = await fetch(url, { headers, dispatcher, redirect: "manual", signal: limited });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return await read(response, url);
      await response.body?.cancel();
      url = checked(location, url);
    }
  } catch (error) {
    if (error instanceof FeedError) throw error;
    throw new FeedError(reasonOf(error), { cause: error });
  }
  throw new FeedError("it leads from one address to the next without an end");
}

async function read(response: Response, url: URL): Promise<Fetched> {
  const etag = response.headers.get("etag");
  const modified = response.headers.get("last-modified");
  if (response.status === 304) {
    await response.body?.cancel();
    return { feed: undefined, etag, modified };
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new FeedError(`the server answers ${response.status}`);
  }
  const feed = parseFeed(await textOf(response), url);
  if (feed === undefined) throw new FeedError("there is no RSS or Atom feed at that address");
  return { feed, etag, modified };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > LONGEST) throw new FeedError("it is too long");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const declared =
    /charset="?([\w-]+)/i.exec(response.headers.get("content-type") ?? "")?.[1] ??
    /^[^<]{0,3}<\?xml[^>]{0,100}encoding=["']([\w-]+)/.exec(bytes.toString("latin1", 0, 200))?.[1];
  try {
    return new TextDecoder(declared ?? "utf-8").decode(bytes);
  } catch {
    throw new FeedError(`nobody knows its encoding, ${declared}`);
  }
}

/** @throws {@link FeedError} where it is none that is fetched. */
function checked(address: string, base: URL | undefined): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new FeedError("that is no address beginning with https:// or http://");
  if (url.username !== "" || url.password !== "")
    throw new FeedError("there is a password in that address, which would be no secret here");
  return url;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** No words of an error are shown: they tell about the network that the bot is in. */
function reasonOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof HiddenAddressError) return each.message;
    if (each.name === "TimeoutError") return "the server takes too long";
  }
  return "the server cannot be reached";
}
