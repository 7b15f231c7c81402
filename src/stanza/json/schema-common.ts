import {
  attribute,
  attributeChild,
  flag,
  list,
  object,
  type PropInit,
  shape,
  text,
  textChild,
} from "./shape.ts";

/** @internal The namespace of XEP-0004. */
export const NS_DATA = "jabber:x:data";

const optionShape = shape({ label: attribute(), value: textChild() });

const fieldShape = shape({
  var: attribute(),
  type: attribute(),
  label: attribute(),
  desc: textChild(),
  required: flag(),
  values: list("value", undefined),
  options: list("option", () => optionShape),
});

/** The data form (XEP-0004) inside an archive query; one elsewhere goes the way of `dataform.ts`. */
export const formShape = shape({
  type: attribute(),
  title: textChild(),
  instructions: textChild(),
  fields: list("field", () => fieldShape),
});

const rsmShape = shape({
  after: textChild(),
  before: textChild(),
  count: textChild("integer"),
  first: textChild(),
  index: textChild("integer"),
  last: textChild(),
  max: textChild("integer"),
});

const payloadShape = shape({ datatype: attribute(), data: text() });

/** A page of results (XEP-0059). */
export const rsm = object(() => rsmShape, "set", "http://jabber.org/protocol/rsm");

/** When it was sent first (XEP-0203). */
export const delay = attributeChild("delay", "urn:xmpp:delay", "stamp");

/** What every kind of stanza may have. */
export const common: Readonly<Record<string, PropInit>> = {
  type: attribute(),
  to: attribute(),
  from: attribute(),
  id: attribute(),
  lang: attribute("string", "xml:lang"),
  nick: textChild("string", "http://jabber.org/protocol/nick"),
  delay,
  payload: object(() => payloadShape, "payload", "urn:xmpp:json-msg:0"),
  rsm,
};
