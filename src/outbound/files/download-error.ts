/**
 * Why a file was not downloaded, in a word to branch on.
 *
 * - `off`: the operator has not switched downloads on.
 * - `url`: it is no `https` URL, or has a password in it.
 * - `host`: the operator allows certain hosts only, and this is none of them.
 * - `address`: it is at an address that is not public.
 * - `redirect`, `status`: the web server sends elsewhere, or answers with something other than the file.
 * - `size`, `type`: the file is larger than allowed, or of another media type.
 * - `hash`: it is not the file that was shared.
 * - `time`, `connection`: it took too long, or the web server could not be reached.
 */
export type DownloadErrorReason =
  | "off"
  | "url"
  | "host"
  | "address"
  | "redirect"
  | "status"
  | "size"
  | "type"
  | "hash"
  | "time"
  | "connection";

/** A file was not downloaded. The message names the host and not the rest of the URL, which can be a secret. */
export class DownloadError extends Error {
  override name = "DownloadError";
  readonly reason: DownloadErrorReason;

  constructor(reason: DownloadErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
