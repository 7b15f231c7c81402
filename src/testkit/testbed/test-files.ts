import { createHash } from "node:crypto";
import type { Files } from "../../bot/index.ts";
import {
  DownloadError,
  type Downloaded,
  type DownloadOptions,
  type FileToSend,
  UploadError,
  type UploadOptions,
} from "../../outbound/index.ts";
import type { SharedFile } from "../../xep/index.ts";

/** A web server of a test, to which bots and people upload files, and from which bots download those of others. */
export class TestFiles implements Files {
  readonly #files = new Map<string, Downloaded>();
  /** The largest file that the upload service takes, in bytes; default: any. */
  maxBytes: number = Number.POSITIVE_INFINITY;
  /** Whether the operator lets bots download; default: yes. */
  downloads = true;

  /** Keeps a file. @returns what to share of it. @throws UploadError where it is larger than `maxBytes`. */
  async upload(
    { data, name, mediaType, description }: FileToSend,
    { onProgress }: Pick<UploadOptions, "onProgress"> = {},
  ): Promise<SharedFile> {
    const bytes = new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data);
    const total = bytes.length;
    const { maxBytes } = this;
    if (total > maxBytes)
      throw new UploadError("too-large", `the file of ${total} bytes is too large`, { maxBytes });
    const url = `https://upload.localhost/${this.#files.size + 1}/${encodeURIComponent(name)}`;
    const type = mediaType ?? ((data instanceof Blob && data.type) || "application/octet-stream");
    this.#files.set(url, { data: bytes, mediaType: type });
    onProgress?.({ sent: total, total });
    const hash = createHash("sha256").update(bytes).digest("base64");
    return { url, name, mediaType: type, size: total, description, hashes: { "sha-256": hash } };
  }

  /** What is at an address, if it was uploaded. */
  get(url: string): Downloaded | undefined {
    return this.#files.get(url);
  }

  /** Has something be at an address, in the place of what was uploaded there. */
  put(url: string, file: Downloaded): void {
    this.#files.set(url, file);
  }

  /** Gives a file to a bot. @throws DownloadError where it is not there, too large, or of another type. */
  async download(url: string, { maxBytes, mediaTypes }: DownloadOptions = {}): Promise<Downloaded> {
    if (!this.downloads) throw new DownloadError("off", "downloads are switched off");
    const file = this.#files.get(url);
    if (file === undefined)
      throw new DownloadError("status", "the web server did not give the file: it answered with 404");
    if (maxBytes !== undefined && file.data.length > maxBytes)
      throw new DownloadError("size", `the file is larger than ${maxBytes} bytes`);
    const [kind = ""] = file.mediaType.split("/");
    if (
      mediaTypes !== undefined &&
      !mediaTypes.some((wanted) => wanted === file.mediaType || wanted === `${kind}/*`)
    )
      throw new DownloadError("type", `the file is ${file.mediaType}, not ${mediaTypes.join(" or ")}`);
    return file;
  }
}
