export { type AttributeInit, Element, el, type Node, type NodeInit } from "./element.ts";
export { errorReply } from "./error-reply.ts";
export { Iq, type IqInit, type IqType, iq } from "./iq.ts";
export { Jid, JidError } from "./jid.ts";
export {
  DEFAULT_JSON_LIMITS,
  type JsonLimits,
  type JsonObject,
  type JsonStanza,
  JsonStanzaError,
  type JsonValue,
  jsonToStanza,
  LOSSES,
  type Loss,
  type LossEntry,
  type LossId,
  readForm,
  readJson,
  type StanzaJson,
  stanzaToJson,
} from "./json/index.ts";
export { DEFAULT_XML_LIMITS, type XmlLimits } from "./limits.ts";
export { type LocalizedText, Message, type MessageInit, type MessageType, message } from "./message.ts";
export { NS_CLIENT, NS_STANZAS, NS_XML } from "./namespaces.ts";
export {
  PRESENCE_TYPES,
  Presence,
  type PresenceInit,
  type PresenceShow,
  type PresenceType,
  presence,
} from "./presence.ts";
export { readStanza, readXml } from "./read.ts";
export { XML_READ_REASONS, XmlReadError, type XmlReadReason } from "./read-error.ts";
export { BaseStanza, type StanzaInit, StanzaShapeError } from "./stanza.ts";
export {
  ERROR_CONDITIONS,
  StanzaError,
  type StanzaErrorCondition,
  type StanzaErrorOptions,
  type StanzaErrorType,
} from "./stanza-error.ts";
export { type Stanza, toStanza } from "./to-stanza.ts";
export { stripControls, writeXml, XmlWriteError } from "./write.ts";
