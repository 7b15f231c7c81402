import { type Element, el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** XEP-0363: HTTP File Upload. */
export const NS_UPLOAD = "urn:xmpp:http:upload:0";

/** A file to upload. */
export interface UploadRequest {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  /** A media type. */
  readonly contentType?: string | undefined;
}

/** Where to put a file, and where it is found then. */
export interface UploadSlot {
  readonly put: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  readonly get: { readonly url: string };
}

// XEP-0363 §5: a client sends no others, whatever the service asks for.
const allowedHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "expires"]);

/** XEP-0363 §5. */
export async function uploadSlot(
  client: Requester,
  service: string | Jid,
  { filename, size, contentType }: UploadRequest,
  options: QueryOptions,
): Promise<UploadSlot> {
  const payload = el("request", { xmlns: NS_UPLOAD, filename, size, "content-type": contentType });
  const slot = await ask(client, "get", service, payload, options, "slot");
  const put = slot.child("put");
  const [putUrl, getUrl] = [put?.attr("url"), slot.child("get")?.attr("url")];
  if (put === undefined || putUrl === undefined || getUrl === undefined) throw noPayload("put", NS_UPLOAD);
  return { put: { url: putUrl, headers: headersOf(put) }, get: { url: getUrl } };
}

function headersOf(put: Element): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const header of put.childrenNamed("header")) {
    const name = header.attr("name") ?? "";
    if (allowedHeaders.has(name.toLowerCase())) headers[name] = header.text.replace(/[\r\n]/g, "");
  }
  return headers;
}
