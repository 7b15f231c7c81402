/**
 * restanza: XMPP bots behind plain HTTP.
 *
 * Everything that a bot needs is here; the rooms have entry points of their own for what lies deeper: `restanza/stanza`,
 * `restanza/xep`, `restanza/outbound` and `restanza/testkit`.
 */
export * from "./bot/index.ts";
export { HandlerTimeoutError } from "./dispatch/index.ts";
export {
  DownloadError,
  type DownloadErrorReason,
  type Downloaded,
  type DownloadOptions,
  type FileToSend,
  UploadError,
  type UploadErrorReason,
  type UploadOptions,
  type UploadProgress,
} from "./outbound/index.ts";
export {
  type Config,
  defineConfig,
  type HookSecret,
  type StandardWebhooksOptions,
  verify,
} from "./server/index.ts";
export { el, Jid, message, presence, StanzaError } from "./stanza/index.ts";
export type { FileMetadata, SharedFile } from "./xep/index.ts";
export {
  emphasis,
  monospace,
  preformatted,
  quotation,
  type StyledPart,
  strike,
  strong,
  styled,
} from "./xep/index.ts";
