/**
 * Why a file was not uploaded, in a word to branch on.
 *
 * - `no-service`: the server offers no place for files (XEP-0363), or none was found.
 * - `too-large`: it is larger than the service takes.
 * - `refused`: the service does not take it from this bot, or not now.
 * - `failed`: the web server did not take it.
 */
export type UploadErrorReason = "no-service" | "too-large" | "refused" | "failed";

/** A file was not uploaded. */
export class UploadError extends Error {
  override name = "UploadError";
  readonly reason: UploadErrorReason;
  /** The largest file that the service takes, in bytes, where that is known. */
  readonly maxBytes: number | undefined;

  constructor(
    reason: UploadErrorReason,
    message: string,
    options: ErrorOptions & { maxBytes?: number | undefined } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.maxBytes = options.maxBytes;
  }
}
