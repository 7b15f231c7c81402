export { DownloadError, type DownloadErrorReason } from "./download-error.ts";
export {
  DEFAULT_DOWNLOAD_BYTES,
  DEFAULT_DOWNLOAD_TIMEOUT,
  type Downloaded,
  Downloader,
  type DownloaderOptions,
  type DownloadOptions,
} from "./downloader.ts";
export { UploadError, type UploadErrorReason } from "./upload-error.ts";
export {
  type FileToSend,
  Uploader,
  type UploaderOptions,
  type UploadOptions,
  type UploadProgress,
} from "./uploader.ts";
