export type { IqAnswer } from "./answer.ts";
export { accountPassword, componentSecret } from "./credentials/basic.ts";
export { bearer, type TokenSource } from "./credentials/bearer.ts";
export type { Credentials } from "./credentials/credentials.ts";
export { type OAuth2Options, oauth2 } from "./credentials/oauth2.ts";
export {
  BounceError,
  CredentialError,
  RestConnectionError,
  type RestConnectionErrorInit,
  RestError,
  type RestErrorInit,
  type RestErrorKind,
  RestHttpError,
  type RestHttpErrorInit,
  RestRefusedError,
} from "./errors.ts";
export type { HttpAnswer } from "./exchange.ts";
export {
  DEFAULT_DOWNLOAD_BYTES,
  DEFAULT_DOWNLOAD_TIMEOUT,
  DownloadError,
  type DownloadErrorReason,
  type Downloaded,
  Downloader,
  type DownloaderOptions,
  type DownloadOptions,
  type FileToSend,
  UploadError,
  type UploadErrorReason,
  Uploader,
  type UploaderOptions,
  type UploadOptions,
  type UploadProgress,
} from "./files/index.ts";
export type { RestClientOptions } from "./options.ts";
export {
  type Broadcast,
  type BroadcastOptions,
  type EnqueueOptions,
  type MountPace,
  type OnEnd,
  Outbox,
  type OutboxClient,
  type OutboxCounters,
  type OutboxOptions,
  type OutboxSendOptions,
  type OutboxStatus,
  type Pace,
  Pacer,
  type Posted,
  type Recipients,
} from "./outbox/index.ts";
export type { Prepared } from "./prepare.ts";
export type { ArchiveAllOptions, ArchiveOptions, ArchivePage } from "./queries/archive.ts";
export type { Avatar, AvatarOptions } from "./queries/avatar.ts";
export { Blocking } from "./queries/blocking.ts";
export type { CommandItem, CommandOptions, CommandStep } from "./queries/command.ts";
export {
  CommandFailedError,
  CommandFormError,
  type CommandRefusal,
  CommandRefusedError,
  type FieldProblem,
} from "./queries/command-errors.ts";
export type { DiscoOptions } from "./queries/disco.ts";
export { EntityQueries } from "./queries/entity-queries.ts";
export type { ExternalServicesOptions } from "./queries/external-services.ts";
export type { FormFill, FormValues } from "./queries/form-values.ts";
export { type JsonPayload, NS_JSON, NS_JSON_MESSAGE } from "./queries/json-payload.ts";
export { NodeAdministration } from "./queries/node-administration.ts";
export { NS_OOB_IQ } from "./queries/oob.ts";
export { PubSub } from "./queries/pubsub.ts";
export {
  type ItemsOptions,
  type PublishOptions,
  PubSubNode,
  type SubscribeOptions,
  type UnsubscribeOptions,
} from "./queries/pubsub-node.ts";
export { Queries } from "./queries/queries.ts";
export type { QueryOptions } from "./queries/query-options.ts";
export type { CommandResult, RemoteCommand } from "./queries/run-command.ts";
export { serverCommands } from "./queries/server-commands.ts";
export { NS_STATS, type Statistic, type StatisticsOptions } from "./queries/statistics.ts";
export type { CallOptions, IqOptions, IqRequest, Requester } from "./requester.ts";
export { RestClient, type Sent } from "./rest-client.ts";
export type { HttpCall, HttpTransport } from "./transport.ts";
