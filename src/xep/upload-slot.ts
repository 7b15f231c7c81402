import { type Element, el } from "../stanza/index.ts";

/** XEP-0363: HTTP File Upload; also its feature. */
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

// XEP-0363 §4: a client sends no others, whatever the service asks for.
const allowedHeaders: ReadonlySet<string> = new Set(["authorization", "cookie", "expires"]);

/** Asks where to upload a file to (XEP-0363 §4). */
export function buildUploadRequest({ filename, size, contentType }: UploadRequest): Element {
  return el("request", { xmlns: NS_UPLOAD, filename, size, "content-type": contentType });
}

/** Reads the answer to {@link buildUploadRequest}; `undefined` where one of the URLs is missing. */
export function readUploadSlot(slot: Element): UploadSlot | undefined {
  const put = slot.child("put");
  const [putUrl, getUrl] = [put?.attr("url"), slot.child("get")?.attr("url")];
  if (put === undefined || putUrl === undefined || getUrl === undefined) return undefined;
  return { put: { url: putUrl, headers: headersOf(put) }, get: { url: getUrl } };
}

/** Answers where to upload a file to. For a component that takes files. */
export function buildUploadSlot({ put, get }: UploadSlot): Element {
  const headers = Object.entries(put.headers).map(([name, value]) => el("header", { name }, value));
  return el("slot", { xmlns: NS_UPLOAD }, el("put", { url: put.url }, headers), el("get", { url: get.url }));
}

/** A header may come several times, under names that differ in case; as one header its values keep their order (RFC 9110 §5.3). */
function headersOf(put: Element): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  const names = new Map<string, string>();
  for (const header of put.childrenNamed("header")) {
    const name = oneLine(header.attr("name") ?? "");
    const key = name.toLowerCase();
    if (!allowedHeaders.has(key)) continue;
    const value = oneLine(header.text);
    const first = names.get(key);
    if (first === undefined) names.set(key, name);
    headers[first ?? name] =
      first === undefined ? value : `${headers[first]}${key === "cookie" ? "; " : ", "}${value}`;
  }
  return headers;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, "");
}
