import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { getMimeType } from "hono/utils/mime";
import { request } from "undici";
import { type Jid, StanzaError } from "../../stanza/index.ts";
import type { SharedFile, UploadSlot } from "../../xep/index.ts";
import { abortable } from "../abortable.ts";
import { uploadSlot } from "../queries/upload-slot.ts";
import type { Requester } from "../requester.ts";
import { UploadError } from "./upload-error.ts";
import { askService, findUploadService, type UploadService } from "./upload-service.ts";

/** What an {@link Uploader} takes. */
export interface UploaderOptions {
  readonly client: Requester;
  /** The domain of the bots. */
  readonly domain: string;
  /** The address of the upload service; default: found by asking the server. */
  readonly service?: string | undefined;
  /** Whether files may travel over plain HTTP to another machine; default: no. */
  readonly allowInsecure?: boolean | undefined;
  /** What time it is, in milliseconds; default: the system's. */
  readonly now?: (() => number) | undefined;
}

/** A file to send. */
export interface FileToSend {
  /** What is in it; `await openAsBlob("cat.jpg")` of `node:fs` reads it from the disk as it is sent. */
  readonly data: Uint8Array | Blob;
  /** Its name, without a folder. */
  readonly name: string;
  /** Such as `image/jpeg`; default: that of the blob, or what the name's ending says. */
  readonly mediaType?: string | undefined;
  /** What it shows, for those who cannot see it. */
  readonly description?: string | undefined;
}

/** How far an upload has come, in bytes. */
export interface UploadProgress {
  readonly sent: number;
  readonly total: number;
}

/** What can be said of one upload. */
export interface UploadOptions {
  /** Which bot it is from. */
  readonly from: Jid;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** For how long an upload service that was found is used without asking again, in milliseconds. */
const KNOWN_FOR = 3_600_000;

/** How long one upload may take, in milliseconds. */
const TIMEOUT = 600_000;

/** Uploads files by HTTP File Upload (XEP-0363). */
export class Uploader {
  readonly #options: UploaderOptions;
  #found: { readonly service: Promise<UploadService | undefined>; readonly until: number } | undefined;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /**
   * Uploads a file, to be sent to whomever.
   *
   * @returns where it is, and what it is.
   * @throws UploadError; the signal's reason when that aborts.
   */
  async upload(file: FileToSend, { from, onProgress, signal }: UploadOptions): Promise<SharedFile> {
    const data = file.data instanceof Blob ? file.data : new Blob([new Uint8Array(file.data)]);
    const name = fileName(file.name);
    const mediaType = file.mediaType ?? (data.type || mediaTypeOf(name));
    const service = await this.#service(from, signal);
    const { maxBytes } = service;
    if (maxBytes !== undefined && data.size > maxBytes) throw tooLarge(service.jid, data.size, maxBytes);
    const slot = await uploadSlot(
      this.#options.client,
      service.jid,
      { filename: name, size: data.size, contentType: mediaType },
      { from, signal },
    ).catch((error: unknown) => {
      throw explain(error, service, data.size);
    });
    const hash = await this.#put(slot, data, mediaType, onProgress, signal);
    return {
      url: slot.get.url,
      name,
      mediaType,
      size: data.size,
      description: file.description,
      hashes: { "sha-256": hash },
    };
  }

  async #service(from: Jid, signal: AbortSignal | undefined): Promise<UploadService> {
    const { domain, service: configured } = this.#options;
    const service = await abortable(this.#known(from), signal);
    if (service !== undefined) return service;
    throw new UploadError(
      "no-service",
      configured === undefined
        ? `no upload service (XEP-0363) was found for ${domain}: load http_file_share in Prosody, and give its address as upload.service of the mount where it is not beneath the same server`
        : `${configured} is no upload service (XEP-0363): give the address of Prosody's http_file_share component as upload.service of the mount`,
    );
  }

  /** Asks once for all uploads of an hour; what was not found is looked for again. */
  #known(from: Jid): Promise<UploadService | undefined> {
    const now = (this.#options.now ?? Date.now)();
    if (this.#found !== undefined && this.#found.until > now) return this.#found.service;
    const service = this.#find(from);
    const found = { service, until: now + KNOWN_FOR };
    this.#found = found;
    const forget = (): void => {
      if (this.#found === found) this.#found = undefined;
    };
    service.then((answer) => answer ?? forget(), forget);
    return service;
  }

  async #find(from: Jid): Promise<UploadService | undefined> {
    const { client, domain, service } = this.#options;
    if (service === undefined) return await findUploadService(client, domain, { from });
    try {
      return await askService(client, service, { from });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      throw new UploadError(
        "no-service",
        `${service} does not say where files go: ${error.text ?? error.condition}`,
        {
          cause: error,
        },
      );
    }
  }

  /** Puts the file where the service says (XEP-0363 §7). @returns its SHA-256 in base64. */
  async #put(
    { put: { url, headers } }: UploadSlot,
    data: Blob,
    mediaType: string,
    onProgress: UploadOptions["onProgress"],
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const target = this.#checked(url);
    const hash = createHash("sha256");
    const late = AbortSignal.timeout(TIMEOUT);
    const either = signal === undefined ? late : AbortSignal.any([signal, late]);
    async function* read(): AsyncGenerator<Uint8Array> {
      let sent = 0;
      for await (const piece of data.stream()) {
        hash.update(piece);
        yield piece;
        sent += piece.length;
        onProgress?.({ sent, total: data.size });
      }
    }
    try {
      const { statusCode, body } = await request(target, {
        method: "PUT",
        headers: { ...headers, "content-type": mediaType, "content-length": String(data.size) },
        body: Readable.from(read(), { objectMode: false }),
        signal: either,
      });
      await body.dump();
      if (statusCode === 201 || statusCode === 200) return hash.digest("base64");
      throw new UploadError("failed", `${target.host} did not take the file: it answered with ${statusCode}`);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof UploadError) throw error;
      const { code, name } = error as { code?: string; name?: string };
      throw new UploadError("failed", `the file could not be uploaded to ${target.host}: ${code ?? name}`, {
        cause: error,
      });
    }
  }

  #checked(url: string): URL {
    const target = URL.parse(url);
    const isSafe = target?.protocol === "https:" || (target?.protocol === "http:" && isLoopback(target));
    if (target && (isSafe || (target.protocol === "http:" && this.#options.allowInsecure))) return target;
    throw new UploadError(
      "failed",
      `the upload service wants files at ${target?.protocol ?? "an address that is none"}${target ? `//${target.host}` : ""}: set http_external_url in Prosody to an https URL, or upload.allowInsecure of the mount where the network between is your own`,
    );
  }
}

/** What a name's ending says, without the character set, which nobody has looked at. */
function mediaTypeOf(name: string): string {
  return getMimeType(name)?.split(";")[0] ?? "application/octet-stream";
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}

/** A name that every service and client takes: the last part of a path, nothing that XML cannot hold or nobody sees, at most 200 characters. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  // Half a character may be left at its beginning.
  return last.slice(-200).replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "") || "file";
}

function explain(error: unknown, { jid, maxBytes }: UploadService, size: number): unknown {
  if (!(error instanceof StanzaError)) return error;
  if (error.application?.name === "file-too-large") {
    const limit = Number(error.application.childText("max-file-size") ?? maxBytes);
    return tooLarge(jid, size, Number.isFinite(limit) ? limit : undefined, error);
  }
  const access = ["forbidden", "not-allowed"].includes(error.condition)
    ? "; in Prosody, http_file_share_access lists who may upload: add the bots' domain"
    : "";
  return new UploadError(
    "refused",
    `${jid} does not take the file: ${error.text ?? error.condition}${access}`,
    {
      cause: error,
    },
  );
}

function tooLarge(jid: string, size: number, maxBytes: number | undefined, cause?: unknown): UploadError {
  const most = maxBytes === undefined ? "" : `, and takes ${maxBytes} at most`;
  return new UploadError("too-large", `the file of ${size} bytes is too large for ${jid}${most}`, {
    maxBytes,
    cause,
  });
}
