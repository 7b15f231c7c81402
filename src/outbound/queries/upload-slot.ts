import type { Jid } from "../../stanza/index.ts";
import {
  buildUploadRequest,
  NS_UPLOAD,
  readUploadSlot,
  type UploadRequest,
  type UploadSlot,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** XEP-0363 §4. */
export async function uploadSlot(
  client: Requester,
  service: string | Jid,
  file: UploadRequest,
  options: QueryOptions,
): Promise<UploadSlot> {
  const slot = readUploadSlot(await ask(client, "get", service, buildUploadRequest(file), options, "slot"));
  if (slot === undefined) throw noPayload("put", NS_UPLOAD);
  return slot;
}
