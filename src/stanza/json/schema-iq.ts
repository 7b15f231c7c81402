import { common, formShape, NS_DATA, rsm } from "./schema-common.ts";
import { NS_MAM, stanzaIds } from "./schema-message.ts";
import { attribute, flag, list, object, shape, text, textChild, wrappedList } from "./shape.ts";

const blocking = "urn:xmpp:blocking";
const upload = "urn:xmpp:http:upload:0";

const archiveShape = shape({
  queryid: attribute(),
  form: object(() => formShape, "x", NS_DATA),
  page: rsm,
});
const finShape = shape({ page: rsm });
const blockedShape = shape({ jid: attribute() });
const reportShape = shape({ reason: attribute(), stanza_ids: stanzaIds });
const blockShape = shape({
  jid: attribute(),
  report: object(() => reportShape, "report", "urn:xmpp:reporting:1"),
});
const serviceShape = shape({
  type: attribute(),
  host: attribute(),
  port: attribute("integer"),
  transport: attribute(),
  name: attribute(),
  username: attribute(),
  password: attribute(),
  expires: attribute(),
  restricted: attribute("boolean"),
});
const extdiscoShape = shape({ type: attribute(), services: list("service", () => serviceShape) });
const gatewayShape = shape({ desc: textChild(), prompt: textChild(), jid: textChild() });
const lastShape = shape({ seconds: attribute("integer"), status: text() });
const oobShape = shape({ url: textChild(), desc: textChild() });
const versionShape = shape({ name: textChild(), version: textChild(), os: textChild() });
const statShape = shape({ name: attribute(), unit: attribute(), value: attribute("number") });
const requestShape = shape({
  filename: attribute(),
  size: attribute("integer"),
  "content-type": attribute(),
});
const headerShape = shape({ name: attribute(), value: text() });
const putShape = shape({ url: attribute(), headers: list("header", () => headerShape) });
const getShape = shape({ url: attribute() });
const slotShape = shape({ put: object(() => putShape), get: object(() => getShape) });
const registerShape = shape({
  registered: flag(),
  remove: flag(),
  instructions: textChild(),
  username: textChild(),
  nick: textChild(),
  password: textChild(),
  name: textChild(),
  first: textChild(),
  last: textChild(),
  email: textChild(),
  address: textChild(),
  city: textChild(),
  state: textChild(),
  zip: textChild(),
  phone: textChild(),
  url: textChild(),
  date: textChild(),
  misc: textChild(),
  text: textChild(),
  key: textChild(),
});

/** What the schema of mod_rest knows of an IQ. */
export const iqShape = shape({
  ...common,
  ping: flag("urn:xmpp:ping"),
  version: object(() => versionShape, "query", "jabber:iq:version"),
  lastactivity: object(() => lastShape, "query", "jabber:iq:last"),
  register: object(() => registerShape, "query", "jabber:iq:register"),
  gateway: object(() => gatewayShape, "query", "jabber:iq:gateway"),
  oob: object(() => oobShape, "query", "jabber:iq:oob"),
  stats: wrappedList({ name: "query", ns: "http://jabber.org/protocol/stats" }, "stat", () => statShape),
  archive: object(() => archiveShape, "query", NS_MAM),
  result: object(() => finShape, "fin", NS_MAM),
  block: wrappedList({ name: "block", ns: blocking }, "item", () => blockShape),
  blocklist: wrappedList({ name: "blocklist", ns: blocking }, "item", () => blockedShape),
  extdisco: object(() => extdiscoShape, "services", "urn:xmpp:extdisco:2"),
  upload_request: object(() => requestShape, "request", upload),
  upload_slot: object(() => slotShape, "slot", upload),
});
