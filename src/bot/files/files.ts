import {
  DownloadError,
  type Downloaded,
  type DownloadOptions,
  type FileToSend,
  UploadError,
  type UploadOptions,
} from "../../outbound/index.ts";
import type { SharedFile } from "../../xep/index.ts";

/** Where a bot's files go, and where it gets those of others: web servers in earnest, the test kit in a test. */
export interface Files {
  /**
   * Uploads a file.
   *
   * @throws UploadError
   */
  upload(file: FileToSend, options: UploadOptions): Promise<SharedFile>;
  /**
   * Downloads a file.
   *
   * @throws DownloadError
   */
  download(url: string, options?: DownloadOptions): Promise<Downloaded>;
}

/** @internal Of a bot that has no place for files. */
export const NO_FILES: Files = {
  upload: () =>
    Promise.reject(new UploadError("no-service", "files cannot be uploaded here: there is no server behind")),
  download: () =>
    Promise.reject(
      new DownloadError(
        "off",
        "downloads are switched off, as anybody can name an address: switch them on by downloads in the configuration (RESTANZA_DOWNLOADS=true)",
      ),
    ),
};
