import { lossTable } from "./loss-entry.ts";

const from = "bot@rest.example";

/** What the JSON that mod_rest sends does not tell. */
export const TO_JSON_LOSSES = lossTable("to-json", {
  "unknown-payload": {
    what: "An element that the schema does not know is left out: receipts, hints, origin-id, vCards, room affiliations and statuses, everything of your own. An IQ with such a payload arrives without any.",
    xml: "<message id='1' type='chat'><body>Hi</body><request xmlns='urn:xmpp:receipts'/><store xmlns='urn:xmpp:hints'/></message>",
    json: { kind: "message", type: "chat", id: "1", from, body: "Hi" },
  },
  "unknown-attribute": {
    what: "An attribute that the schema does not know is left out: the language of a body, `from` of a delay, the name of an encryption, `index` of a result set, `complete` of an archive.",
    xml: "<message id='1'><body xml:lang='de'>Hallo</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z' from='example.com'/></message>",
    json: { kind: "message", id: "1", from, body: "Hallo", delay: "2002-09-10T23:08:25Z" },
  },
  repeated: {
    what: "Of several elements of one name and namespace only the first comes through, of several data forms or commands the last; of several chat states, the one that the schema names first.",
    xml: "<message id='1'><body>Hello</body><body xml:lang='de'>Hallo</body></message>",
    json: { kind: "message", id: "1", from, body: "Hello" },
  },
  "stray-text": {
    what: "Text between elements is left out.",
    xml: "<message id='1'>stray<body>Hi</body></message>",
    json: { kind: "message", id: "1", from, body: "Hi" },
  },
  "elements-in-text": {
    what: "A text with elements inside is left out whole.",
    xml: "<message id='1'><body>Hi <b/>there</body></message>",
    json: { kind: "message", id: "1", from },
  },
  "no-value": {
    what: "An element without the one attribute or child that JSON is made of is left out.",
    xml: "<message id='1'><delay xmlns='urn:xmpp:delay'/></message>",
    json: { kind: "message", id: "1", from },
  },
  "number-spelling": {
    what: "A number is read as Lua reads it: its spelling is gone, and what is no number is left out.",
    xml: "<presence id='1'><priority> 0x10 </priority></presence>",
    json: { kind: "presence", type: "available", id: "1", from, priority: 16 },
  },
  "number-infinite": {
    effect: "stanza",
    what: "A number too large for Lua is written as `inf`, so that the callback is no JSON and is refused.",
    xml: "<presence id='1'><priority>1e999</priority></presence>",
  },
  "boolean-spelling": {
    what: "`true` and `1` are the same, and so is everything else but `false` and `0`.",
    xml: "<message id='1'><x xmlns='jabber:x:conference' jid='room@example.com' continue='true'/></message>",
    json: { kind: "message", id: "1", from, invite: { jid: "room@example.com", continue: true } },
  },
  "address-spelling": {
    what: "Addresses are brought into their canonical spelling.",
    xml: "<message id='1' to='Juliet@Example.com'><body>Hi</body></message>",
    json: { kind: "message", id: "1", from, to: "juliet@example.com", body: "Hi" },
  },
  "error-condition": {
    what: "Of an error only type, standard condition, text and `by` come through: no condition of the application's own, no new address; a missing condition becomes `undefined-condition`.",
    xml: "<message id='1' type='error'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><too-many xmlns='urn:example'/></error></message>",
    json: {
      kind: "message",
      type: "error",
      id: "1",
      from,
      error: { type: "modify", condition: "bad-request" },
    },
  },
  "html-body": {
    what: 'Of XHTML-IM only the first body comes through; without one, the text is `"nil"`.',
    xml: "<message id='1'><html xmlns='http://jabber.org/protocol/xhtml-im'/></message>",
    json: { kind: "message", id: "1", from, html: "nil" },
  },
  "items-node": {
    what: "The node of an answer with items is left out.",
    xml: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/disco#items' node='n'><item jid='example.com'/></query></iq>",
    json: { kind: "iq", type: "result", id: "1", from, items: [{ jid: "example.com" }] },
  },
  "command-note": {
    what: "The note of a command that offers actions is left out.",
    xml: "<iq id='1' type='result'><command xmlns='http://jabber.org/protocol/commands' node='n'><actions execute='next'><next/></actions><note type='info'>Hi</note></command></iq>",
    json: {
      kind: "iq",
      type: "result",
      id: "1",
      from,
      command: { node: "n", actions: { execute: "next", next: true } },
    },
  },
  "form-values": {
    what: "Of the values of a field that is not of a multiple type only the first comes through, so the answer to a list is cut where the client leaves out the types.",
    xml: "<message id='1'><x xmlns='jabber:x:data' type='submit'><field var='days'><value>Mon</value><value>Tue</value></field></x></message>",
    json: {
      kind: "message",
      id: "1",
      from,
      dataform: { type: "submit", fields: [{ var: "days", value: "Mon" }] },
    },
  },
  "payload-json": {
    effect: "stanza",
    what: "A payload with the `<json/>` element of XEP-0432, or whose text is no JSON, makes mod_rest send a GET without a body instead of the callback.",
    xml: "<message id='1'><payload xmlns='urn:xmpp:json-msg:0' datatype='urn:example'><json xmlns='urn:xmpp:json:0'>{}</json></payload></message>",
  },
  "payload-numbers": {
    what: "Fractions and large numbers in a payload keep 14 digits, and the keys `__array` and `__hash` are taken apart.",
    xml: "<message id='1'><payload xmlns='urn:xmpp:json-msg:0' datatype='urn:example'>1.2345678901234567</payload></message>",
    json: { kind: "message", id: "1", from, payload: { datatype: "urn:example", data: 1.2345678901235 } },
  },
  "disco-form": {
    what: "The forms in an answer to disco#info lose the types of their fields, their labels and their own type.",
    xml: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:example</value></field><field var='os'><value>Mac</value></field></x></query></iq>",
    json: {
      kind: "iq",
      type: "result",
      id: "1",
      from,
      disco: { identities: [], features: [], extensions: { "urn:example": { os: ["Mac"] } } },
    },
  },
  "disco-form-type": {
    effect: "stanza",
    what: "A form without FORM_TYPE in disco#info makes mod_rest fail: there is no callback, and an IQ is never answered. One whose FORM_TYPE field has no type ends up under `__hash`.",
    xml: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='os'><value>Mac</value></field></x></query></iq>",
  },
});
