export type { Answering, Draft, Sent } from "./answering.ts";
export type { BotHandle } from "./bot-handle.ts";
export type { BoundaryOptions, ErrorHandler } from "./boundary.ts";
export type { BreakerOptions } from "./breaker-options.ts";
export type { Choice, ChoiceHandler, ChoiceOptions, Chosen } from "./choices/index.ts";
export {
  type Access,
  arg,
  type Call,
  Command,
  type CommandDefinition,
  type CommandDescription,
  type CommandDialog,
  type CommandRun,
  command,
  commandsOf,
  commandsOfBot,
  type DateReading,
  type Field,
  helpOf,
  type Kind,
  type Problem,
  quoteWord,
  type ReadArguments,
  type ReadingFor,
  type RestKey,
  readDate,
  readDuration,
  readValue,
  usageOf,
  writeDuration,
  writeValue,
} from "./commands/index.ts";
export { Composer } from "./composer.ts";
export {
  type BotShow,
  type Contact,
  type ContactOptions,
  type ContactPolicy,
  type ContactResource,
  type ContactRules,
  Contacts,
  type ContactsOptions,
  contactRules,
  observing,
  type WaitingContact,
} from "./contacts/index.ts";
export { Context } from "./context.ts";
export { type BotControl, BotControlError, type BotState } from "./control.ts";
export {
  type Bot,
  type BotDefinition,
  type ConfiguredBot,
  configureBot,
  DEFAULT_CONCURRENCY,
  DEFAULT_TIMEOUT,
  defineBot,
  dormantBot,
  isBot,
  type StartedBot,
} from "./define-bot.ts";
export type {
  AskOptions,
  ChooseOptions,
  Dialog,
  DialogFunction,
  DialogOptions,
  QuestionOptions,
  StartableDialog,
} from "./dialog/index.ts";
export type { Directory, DirectoryEntry } from "./directory.ts";
export { type Files, fileMessage, NO_FILES } from "./files/index.ts";
export type {
  Filter,
  Filtered,
  Filters,
  MessageFilters,
  NodeFilter,
  PayloadFilter,
  PresenceFilters,
  RequestFilters,
} from "./filters/index.ts";
export type { Heard } from "./hears.ts";
export { type Catalogue, Catalogues, type Params } from "./i18n/catalogues.ts";
export { type FrameworkText, type FrameworkTexts, textsOf } from "./i18n/framework.ts";
export { type I18n, type I18nContext, type I18nOptions, i18n, type Texts } from "./i18n/i18n.ts";
export { currentLanguage, languageOf } from "./i18n/language.ts";
export type { Given, Placeholder, Placeholders } from "./i18n/placeholders.ts";
export { inspectRoutes, type RouteProblem } from "./inspect-routes.ts";
export { partsOf } from "./manners/parts.ts";
export type { RateLimit } from "./manners/rate-limit.ts";
export { LONGEST_MESSAGE, type SplitOptions, splitText } from "./manners/split.ts";
export type { Streamed, StreamOptions } from "./manners/stream.ts";
export { isMenuCall, menuInfo, menuItem, menuItems } from "./menus/index.ts";
export {
  correction,
  displayed,
  MessageContent,
  mentioning,
  quoting,
  reaction,
  retraction,
  tracked,
} from "./messages/index.ts";
export type { Chain, Handler, MaybePromise, Middleware, MiddlewareObject, Next } from "./middleware.ts";
export { decorate, presenting, showInRooms } from "./own-presence.ts";
export { type OwnStorage, ownStorage } from "./own-storage.ts";
export { BoundedMap, Peers, type PeersOptions } from "./peers/index.ts";
export {
  ADMINS,
  type Decision,
  groupOf,
  isPattern,
  mayRun,
  type PermissionConfig,
  Permissions,
  permissionsOf,
  type Rule,
  type Subject,
} from "./permissions/index.ts";
export { personOf } from "./person.ts";
export type { Plugin } from "./plugin.ts";
export {
  featuresOf,
  Identity,
  type Profile,
  type ProfileDefinition,
  profileOf,
} from "./profile/index.ts";
export { buildReply, type Reply, ReplyError } from "./reply.ts";
export {
  type InvitationPolicy,
  isInvitationAccepted,
  type KnownOccupant,
  type KnownRoom,
  MOST_ROOMS_BY_INVITATION,
  Occupants,
  type Refusal,
  Room,
  type RoomAction,
  RoomError,
  type RoomInviteOptions,
  type RoomJoinOptions,
  RoomKeeper,
  type RoomKeeperOptions,
  type RoomNews,
  type RoomSender,
  Rooms,
  type RoomsOptions,
  type RoomsSettings,
  refusalOf,
  type StayState,
  tellRoomNews,
} from "./rooms/index.ts";
export { type SendFileOptions, type SendOwnOptions, sendOwn, sendOwnFile } from "./send-own.ts";
export type { Sender, SendOptions } from "./sender.ts";
export {
  type SessionContext,
  type SessionKey,
  type SessionOptions,
  type SessionReader,
  SessionValueError,
  SessionVersionError,
  session,
} from "./session/index.ts";
export {
  type Cleanup,
  type SetUpBot,
  type SetUpOptions,
  type SetupContext,
  SetupError,
  setUpBot,
} from "./setup.ts";
export { BufferedStorage, type Effects, type Storage, type StorageOptions } from "./storage.ts";
export { type Text, textIn } from "./text.ts";
export {
  type DueTimer,
  dueFailed,
  type EveryOptions,
  planSchedules,
  type Remindable,
  type Reminder,
  type Reminders,
  runDue,
  type Tick,
  type TickHandler,
  type Timed,
  type TimerHandler,
  type TimerPayload,
  type Timetable,
  TooManyTimersError,
  timerName,
  type When,
} from "./time/index.ts";
export type { WebApp, WebDenial, WebEnv, WebVariables } from "./web.ts";
