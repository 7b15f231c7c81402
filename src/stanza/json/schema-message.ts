import { NS_CLIENT } from "../namespaces.ts";
import { common, delay } from "./schema-common.ts";
import { attribute, attributeChild, choice, flag, list, object, shape, text, textChild } from "./shape.ts";

/** @internal The namespace of XEP-0066 in a message. */
export const NS_OOB = "jabber:x:oob";

/** @internal The namespace of XEP-0313. */
export const NS_MAM = "urn:xmpp:mam:2";

const markers = "urn:xmpp:chat-markers:0";
const threadShape = shape({ id: text(), parent: attribute() });
const oobShape = shape({ url: textChild(), desc: textChild() });
const replyShape = shape({ id: attribute(), to: attribute() });
const reactionsShape = shape({ id: attribute(), reactions: list("reaction", undefined) });
const stanzaIdShape = shape({ id: attribute(), by: attribute() });
const forwardedShape = shape({ delay, message: object(() => messageShape, "message", NS_CLIENT) });
const forwarded = object(() => forwardedShape, "forwarded", "urn:xmpp:forward:0");
const archiveShape = shape({ id: attribute(), queryid: attribute(), forward: forwarded });
const inviteShape = shape({
  jid: attribute(),
  password: attribute(),
  reason: attribute(),
  thread: attribute(),
  continue: attribute("boolean"),
});
const referenceShape = shape({
  type: attribute(),
  uri: attribute(),
  begin: attribute("integer"),
  end: attribute("integer"),
});

/** Stanza ids (XEP-0359), in a message and in the report of XEP-0377. */
export const stanzaIds = list("stanza-id", () => stanzaIdShape, "urn:xmpp:sid:0");

/** What the schema of mod_rest knows of a message. */
export const messageShape = shape({
  ...common,
  subject: textChild(),
  body: textChild(),
  thread: object(() => threadShape),
  state: choice("http://jabber.org/protocol/chatstates", [
    "active",
    "inactive",
    "gone",
    "composing",
    "paused",
  ]),
  replace: attributeChild("replace", "urn:xmpp:message-correct:0", "id"),
  reply: object(() => replyShape, "reply", "urn:xmpp:reply:0"),
  fallback: flag("urn:xmpp:fallback:0"),
  reactions: object(() => reactionsShape, "reactions", "urn:xmpp:reactions:0"),
  reference: object(() => referenceShape, "reference", "urn:xmpp:reference:0"),
  attach_to: attributeChild("attach-to", "urn:xmpp:message-attaching:1", "id"),
  markable: flag(markers),
  displayed: attributeChild("displayed", markers, "id"),
  oob: object(() => oobShape, "x", NS_OOB),
  encryption: attributeChild("encryption", "urn:xmpp:eme:0", "namespace"),
  invite: object(() => inviteShape, "x", "jabber:x:conference"),
  forwarded,
  archive: object(() => archiveShape, "result", NS_MAM),
  occupant_id: attributeChild("occupant-id", "urn:xmpp:occupant-id:0", "id"),
  stanza_ids: stanzaIds,
});
