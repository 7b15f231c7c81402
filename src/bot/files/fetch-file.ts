import { createHash } from "node:crypto";
import { DownloadError, type Downloaded, type DownloadOptions } from "../../outbound/index.ts";
import type { SharedFile } from "../../xep/index.ts";
import type { Files } from "./files.ts";

/**
 * @internal Downloads a file, and checks that it is the one that was shared, where its SHA-256 is known (XEP-0447 §5).
 *
 * @throws DownloadError
 */
export async function fetchFile(
  files: Files,
  file: string | SharedFile,
  options: DownloadOptions,
): Promise<Downloaded> {
  if (typeof file === "string") return await files.download(file, options);
  const downloaded = await files.download(file.url, options);
  const expected = file.hashes?.["sha-256"];
  if (expected !== undefined && createHash("sha256").update(downloaded.data).digest("base64") !== expected)
    throw new DownloadError("hash", "the file is not the one that was shared: its SHA-256 is another");
  return downloaded;
}
