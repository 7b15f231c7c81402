import { common } from "./schema-common.ts";
import { attribute, attributeChild, object, shape, textChild } from "./shape.ts";

const capsShape = shape({ hash: attribute(), node: attribute(), ver: attribute(), ext: attribute() });
const historyShape = shape({
  maxchars: attribute("integer"),
  maxstanzas: attribute("integer"),
  seconds: attribute("integer"),
  since: attribute(),
});
const mucShape = shape({ history: object(() => historyShape) });
const vcardUpdateShape = shape({ photo: textChild() });

/** What the schema of mod_rest knows of a presence. */
export const presenceShape = shape({
  ...common,
  show: textChild(),
  status: textChild(),
  priority: textChild("integer"),
  caps: object(() => capsShape, "c", "http://jabber.org/protocol/caps"),
  muc: object(() => mucShape, "x", "http://jabber.org/protocol/muc"),
  idle_since: attributeChild("idle", "urn:xmpp:idle:1", "since"),
  vcard_update: object(() => vcardUpdateShape, "x", "vcard-temp:x:update"),
});
