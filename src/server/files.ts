import { type Files, NO_FILES } from "../bot/index.ts";
import { Downloader, type Requester, Uploader } from "../outbound/index.ts";
import type { CheckedConfig, MountConfig } from "./config.ts";

/** Where the bots' files go, and where they get those of others: for one server, with a place of its own for each mount. */
export class FileServices {
  readonly #downloader: Downloader | undefined;

  constructor({ downloads }: Pick<CheckedConfig, "downloads">) {
    this.#downloader = downloads.enabled ? new Downloader(downloads) : undefined;
  }

  /** What the bots of a mount have. */
  for({ domain, upload }: Pick<MountConfig, "domain" | "upload">, client: Requester): Files {
    const uploader = new Uploader({ client, domain, ...upload });
    const downloader = this.#downloader;
    return {
      upload: (file, options) => uploader.upload(file, options),
      download: downloader ? (url, options) => downloader.download(url, options) : NO_FILES.download,
    };
  }

  /** Ends all downloads. */
  async close(): Promise<void> {
    await this.#downloader?.close();
  }
}
