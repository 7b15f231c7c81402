export {
  type ArchivedMessage,
  type ArchiveEnd,
  type ArchiveFilter,
  type ArchiveQuery,
  buildArchiveEnd,
  buildArchiveFormRequest,
  buildArchiveQuery,
  buildArchiveResult,
  FIELD_FULL_TEXT,
  NS_FULL_TEXT,
  NS_MAM,
  readArchiveEnd,
  readArchiveResult,
} from "./archive.ts";
export {
  type AvatarInfo,
  buildAvatarData,
  buildAvatarMetadata,
  NS_AVATAR_DATA,
  NS_AVATAR_METADATA,
  readAvatarData,
  readAvatarMetadata,
} from "./avatar.ts";
export {
  type Blocked,
  type BlockingChange,
  buildBlock,
  buildBlockedError,
  buildBlockList,
  buildBlockListRequest,
  buildUnblock,
  isBlockedError,
  NS_BLOCKING,
  NS_BLOCKING_ERRORS,
  readBlockingChange,
  readBlockList,
} from "./blocking.ts";
export {
  BOOKMARK_OPTIONS,
  type Bookmark,
  buildBookmark,
  buildBookmarkItem,
  NS_BOOKMARKS,
  readBookmark,
} from "./bookmarks.ts";
export {
  buildCapabilityHashes,
  type CapabilityHash,
  capabilityHash,
  capabilityNode,
  NS_CAPABILITY_HASHES,
  readCapabilityHashes,
} from "./capability-hashes.ts";
export { buildCaps, type Caps, capsNode, capsVersion, NS_CAPS, readCaps } from "./caps.ts";
export { buildChatState, type ChatState, NS_CHAT_STATES, readChatState } from "./chat-states.ts";
export {
  buildCommandAnswer,
  buildCommandRequest,
  type CommandAction,
  type CommandAnswer,
  type CommandAnswerInit,
  type CommandCondition,
  type CommandNote,
  type CommandRequest,
  type CommandRequestInit,
  type CommandStatus,
  commandError,
  NS_COMMANDS,
  readCommandAnswer,
  readCommandCondition,
  readCommandRequest,
} from "./commands.ts";
export { buildContent, NS_CONTENT, readContents, type TypedContent } from "./content-types.ts";
export { buildCorrection, NS_CORRECTION, readCorrection } from "./correction.ts";
export {
  buildDataForm,
  buildSubmit,
  type DataForm,
  type FieldInit,
  type FieldOption,
  type FieldType,
  type FormField,
  type FormInit,
  type FormType,
  formValues,
  NS_DATA,
  readDataForm,
} from "./data-forms.ts";
export { buildDelay, type Delay, NS_DELAY, readDelay } from "./delay.ts";
export {
  buildDiscoInfo,
  buildDiscoInfoQuery,
  buildDiscoItems,
  buildDiscoItemsQuery,
  type DiscoIdentity,
  type DiscoInfo,
  type DiscoInfoOptions,
  type DiscoItem,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
  readDiscoInfo,
  readDiscoItems,
} from "./disco.ts";
export { buildEncryption, type Encryption, isEncryptedText, NS_EME, readEncryption } from "./encryption.ts";
export {
  buildExternalServices,
  buildExternalServicesRequest,
  type ExternalService,
  NS_EXTDISCO,
  readExternalServices,
} from "./external-services.ts";
export {
  buildFallback,
  buildFallbacks,
  type Fallback,
  type FallbackPart,
  type FallbackRange,
  NS_FALLBACK,
  readFallback,
  readFallbacks,
  withoutFallback,
} from "./fallback.ts";
export {
  buildFileMetadata,
  type FileMetadata,
  NS_FILE_METADATA,
  NS_HASHES,
  NS_THUMBNAILS,
  readFileMetadata,
  type Thumbnail,
} from "./file-metadata.ts";
export {
  buildFileSharing,
  NS_FILE_SHARING,
  NS_URL_DATA,
  readFiles,
  type SharedFile,
} from "./file-sharing.ts";
export { buildMedia, type FieldMedia, NS_MEDIA, readMedia } from "./form-media.ts";
export {
  buildValidation,
  type FieldValidation,
  NS_VALIDATE,
  readValidation,
  type ValidationMethod,
} from "./form-validation.ts";
export { buildForwarded, type Forwarded, NS_FORWARD, readForwarded } from "./forwarding.ts";
export {
  buildGatewayAddress,
  buildGatewayPrompt,
  buildGatewayRequest,
  type GatewayPrompt,
  NS_GATEWAY,
  readGatewayAddress,
  readGatewayPrompt,
} from "./gateway.ts";
export { buildHats, type Hat, NS_HATS, readHats } from "./hats.ts";
export { buildHint, type Hint, NS_HINTS, readHints } from "./hints.ts";
export { buildIdle, NS_IDLE, readIdle } from "./idle.ts";
export {
  buildDecline,
  buildDirectInvitation,
  buildMediatedInvitation,
  buildRoomDecline,
  buildRoomInvitation,
  type ContinuedChat,
  type Decline,
  type Invitation,
  type InvitationOptions,
  NS_DIRECT_INVITATION,
  readDecline,
  readInvitation,
} from "./invitation.ts";
export {
  buildLastActivity,
  buildLastActivityRequest,
  type LastActivity,
  NS_LAST,
  readLastActivity,
} from "./last-activity.ts";
export {
  buildDisplayed,
  buildMarkable,
  isMarkable,
  type Marker,
  type MarkerState,
  NS_MARKERS,
  readMarker,
} from "./markers.ts";
export { buildModeration, NS_MODERATION } from "./moderation.ts";
export {
  buildJoin,
  isFromRoom,
  type JoinOptions,
  NS_MUC,
  NS_MUC_USER,
  readNewNick,
  readStatusCodes,
  STATUS_CREATED,
  STATUS_NEW_NICK,
  STATUS_SELF,
} from "./muc.ts";
export {
  buildRoomChanges,
  buildRoomList,
  buildRoomListQuery,
  NS_MUC_ADMIN,
  type RoomChange,
  type RoomEntry,
  type RoomEntryInit,
  readRoomList,
} from "./muc-admin.ts";
export {
  buildRoomConfiguration,
  ROOM_CONFIG_FORM,
  type RoomConfiguration,
  readRoomConfiguration,
  roomConfigurationFields,
} from "./muc-configuration.ts";
export {
  buildInstantRoom,
  buildRoomDestruction,
  buildRoomForm,
  buildRoomFormQuery,
  NS_MUC_OWNER,
  type RoomEnd,
  type RoomEndInit,
  readRoomEnd,
} from "./muc-owner.ts";
export { buildRoomStatuses, ROOM_STATUSES, type RoomStatus, readRoomStatuses } from "./muc-status.ts";
export {
  buildVoiceAnswer,
  buildVoiceForm,
  buildVoiceRequest,
  readVoiceRequest,
  VOICE_FORM,
  type VoiceRequest,
} from "./muc-voice.ts";
export { buildNick, NS_NICK, readNick } from "./nick.ts";
export {
  type Affiliation,
  buildOccupant,
  type Departure,
  type Occupant,
  type OccupantInit,
  type Role,
  readOccupant,
} from "./occupant.ts";
export { buildOccupantId, NS_OCCUPANT_ID, readOccupantId } from "./occupant-id.ts";
export {
  buildOutOfBand,
  buildOutOfBandRequest,
  NS_OOB,
  NS_OOB_IQ,
  type OutOfBand,
  readOutOfBand,
  readOutOfBandRequest,
} from "./oob.ts";
export {
  buildItems,
  FEATURE_RETRIEVE_ITEMS,
  notifyFeature,
  PEP_IDENTITY,
  readWantedItems,
  type WantedItems,
} from "./pep.ts";
export { buildPing, isPing, NS_PING } from "./ping.ts";
export {
  buildCreateNode,
  buildItemsRequest,
  buildPublish,
  buildRetractItems,
  type FormInput,
  type ItemsPage,
  type ItemsRequest,
  NS_PUBSUB,
  type PubSubItem,
  type PubSubItemInit,
  readCreatedNode,
  readItemsPage,
  readPublished,
  readPubSubForm,
  type ToldItem,
} from "./pubsub.ts";
export {
  buildPubSubRefusal,
  NS_PUBSUB_ERRORS,
  type PubSubReason,
  type PubSubRefusal,
  readPubSubRefusal,
} from "./pubsub-errors.ts";
export {
  buildPubSubEvent,
  buildSubscriptionIds,
  NS_PUBSUB_EVENT,
  type PubSubEvent,
  readPubSubEvent,
  readSubscriptionIds,
} from "./pubsub-events.ts";
export {
  buildDeleteNode,
  buildNodeAffiliations,
  buildNodeAffiliationsRequest,
  buildNodeConfiguration,
  buildNodeConfigurationRequest,
  buildNodeSubscriptions,
  buildNodeSubscriptionsRequest,
  buildPurgeNode,
  NS_PUBSUB_OWNER,
} from "./pubsub-owner.ts";
export {
  buildAffiliations,
  buildAffiliationsRequest,
  buildSubscribe,
  buildSubscription,
  buildSubscriptions,
  buildSubscriptionsRequest,
  buildUnsubscribe,
  type NodeAffiliate,
  type NodeAffiliation,
  readNodeAffiliations,
  readSubscription,
  readSubscriptions,
  type Subscription,
  type SubscriptionState,
} from "./pubsub-subscriptions.ts";
export {
  buildQuickAction,
  buildQuickResponse,
  buildSelectedAction,
  NS_QUICK_RESPONSE,
  type QuickAction,
  type QuickResponse,
  readQuickActions,
  readQuickResponses,
  readSelectedAction,
} from "./quick-responses.ts";
export { buildReactions, NS_REACTIONS, type Reactions, readReactions } from "./reactions.ts";
export {
  buildReceipt,
  buildReceiptRequest,
  NS_RECEIPTS,
  readReceipt,
  readReceiptRequest,
} from "./receipts.ts";
export {
  buildMention,
  buildReference,
  type Mention,
  NS_REFERENCES,
  type Reference,
  readMentions,
  readReferences,
} from "./references.ts";
export {
  buildRegistration,
  buildRegistrationRequest,
  NS_REGISTER,
  type Registration,
  type RegistrationField,
  readRegistration,
} from "./registration.ts";
export {
  buildQuotation,
  buildReplyTo,
  NS_REPLY,
  type ReplyTo,
  readReplyTo,
  readUnquoted,
} from "./replies.ts";
export {
  buildReport,
  NS_REPORTING,
  REPORT_ABUSE,
  REPORT_SPAM,
  type Report,
  readReport,
} from "./reporting.ts";
export {
  buildModeratedRetraction,
  buildRetraction,
  buildTombstone,
  type Moderator,
  NS_RETRACTION,
  type Retraction,
  readRetraction,
  readTombstone,
  type Tombstone,
} from "./retraction.ts";
export {
  buildPageInfo,
  buildPageRequest,
  NS_RSM,
  type PageInfo,
  type PageRequest,
  readPageInfo,
  readPageRequest,
} from "./rsm.ts";
export { type Attendance, NS_SELF_PING, readSelfPing } from "./self-ping.ts";
export {
  buildOriginId,
  buildStanzaId,
  NS_STANZA_IDS,
  readOriginId,
  readReferenceId,
  readStanzaId,
  readStanzaIds,
  type StanzaId,
} from "./stanza-ids.ts";
export {
  buildUnstyled,
  emphasis,
  monospace,
  preformatted,
  quotation,
  strike,
  strong,
  styled,
} from "./styling.ts";
export {
  isUnstyled,
  NS_STYLING,
  readStyling,
  type SpanStyle,
  type StyledBlock,
  type StyledSpan,
  withoutStyling,
} from "./styling-read.ts";
export { Styled, type StyledPart } from "./styling-write.ts";
export { buildTime, buildTimeRequest, type EntityTime, NS_TIME, readTime } from "./time.ts";
export {
  buildUploadRequest,
  buildUploadSlot,
  NS_UPLOAD,
  readUploadSlot,
  type UploadRequest,
  type UploadSlot,
} from "./upload-slot.ts";
export {
  buildVCard,
  buildVCardRequest,
  NS_VCARD,
  readVCard,
  type VCard,
  type VCardAddress,
  type VCardName,
  type VCardPhoto,
  type VCardWay,
} from "./vcard.ts";
export { buildVCardUpdate, NS_VCARD_UPDATE, readVCardUpdate, type VCardUpdate } from "./vcard-avatar.ts";
export {
  buildVCard4,
  NODE_VCARD4,
  NS_VCARD4,
  readVCard4,
  type VCard4Property,
  type VCard4Value,
} from "./vcard4.ts";
export {
  buildVersion,
  buildVersionRequest,
  NS_VERSION,
  readVersion,
  type SoftwareVersion,
} from "./version.ts";
export { buildXhtml, NS_XHTML, NS_XHTML_IM, readXhtml, readXhtmlText, type Xhtml } from "./xhtml.ts";
