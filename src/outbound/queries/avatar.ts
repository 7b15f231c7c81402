import { createHash } from "node:crypto";
import { Jid, StanzaError, type StanzaErrorCondition } from "../../stanza/index.ts";
import { NS_AVATAR_DATA, NS_AVATAR_METADATA, readAvatarData, readAvatarMetadata } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { PubSubNode } from "./pubsub-node.ts";
import type { QueryOptions } from "./query-options.ts";
import { vcard } from "./vcard.ts";

/** Somebody's picture. */
export interface Avatar {
  /** The SHA-1 of the image, in hexadecimal digits: another one is another picture. */
  readonly id: string;
  /** Its media type as they say, such as `image/png`; nothing has been looked into. */
  readonly type: string | undefined;
  readonly data: Uint8Array;
}

/** What asking for an avatar takes. */
export interface AvatarOptions extends QueryOptions {
  /** The largest image that is fetched, in bytes. Default 1,048,576 (1 MiB). */
  readonly maxBytes?: number | undefined;
}

/** XEP-0084, and XEP-0153 for those who have it in their vCard alone. */
export async function avatar(
  client: Requester,
  jid: string | Jid,
  { maxBytes = 1_048_576, ...options }: AvatarOptions,
): Promise<Avatar | undefined> {
  const address = Jid.parse(jid);
  return (
    (await orNothing(() => published(client, address.bare, maxBytes, options))) ??
    (await orNothing(() => inCard(client, address, maxBytes, options)))
  );
}

async function published(
  client: Requester,
  jid: Jid,
  maxBytes: number,
  options: QueryOptions,
): Promise<Avatar | undefined> {
  const metadata = new PubSubNode(client, jid, NS_AVATAR_METADATA);
  const { items } = await metadata.items({ ...options, last: 1 });
  const payload = items.at(-1)?.payload;
  const infos = payload?.is("metadata", NS_AVATAR_METADATA) ? readAvatarMetadata(payload) : [];
  // Those that are elsewhere on the web are not for here: that is a download.
  const info = infos.find(({ url, bytes }) => url === undefined && bytes <= maxBytes);
  if (info === undefined) return undefined;
  const item = await new PubSubNode(client, jid, NS_AVATAR_DATA).item(info.id, options);
  const data = item?.payload?.is("data", NS_AVATAR_DATA) ? readAvatarData(item.payload) : undefined;
  if (data === undefined || data.length > maxBytes || sha1(data) !== info.id) return undefined;
  return { id: info.id, type: info.type, data };
}

async function inCard(
  client: Requester,
  jid: Jid,
  maxBytes: number,
  options: QueryOptions,
): Promise<Avatar | undefined> {
  const { photo } = await vcard(client, jid, options);
  if (photo === undefined || photo.data.length > maxBytes) return undefined;
  return { id: sha1(photo.data), type: photo.type, data: photo.data };
}

/** Nothing, where somebody has none, or does not show it. */
async function orNothing<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof StanzaError && NOTHING.has(error.condition)) return undefined;
    throw error;
  }
}

const NOTHING: ReadonlySet<StanzaErrorCondition> = new Set([
  "bad-request",
  "feature-not-implemented",
  "forbidden",
  "item-not-found",
  "not-allowed",
  "not-authorized",
  "service-unavailable",
]);

function sha1(data: Uint8Array): string {
  return createHash("sha1").update(data).digest("hex");
}
