import { lossTable } from "./loss-entry.ts";

/** What mod_rest does not read out of JSON as it was meant. */
export const TO_XML_LOSSES = lossTable("to-xml", {
  "form-fields": {
    what: "The second field of a form ends up inside the first, the third inside the second.",
    xml: "<message id='1'><x xmlns='jabber:x:data' type='form'><field var='a'><value>1</value></field><field var='b'><value>2</value></field></x></message>",
    json: {
      kind: "message",
      id: "1",
      dataform: {
        type: "form",
        fields: [
          { var: "a", value: "1" },
          { var: "b", value: "2" },
        ],
      },
    },
    read: "<message id='1'><x xmlns='jabber:x:data' type='form'><field var='a'><value>1</value><field var='b'><value>2</value></field></field></x></message>",
  },
  "form-options": {
    effect: "stanza",
    what: "The options of a list are left out, and a list without a value makes mod_rest fail.",
    xml: "<message id='1'><x xmlns='jabber:x:data' type='form'><field var='a' type='list-single'><option label='One'><value>1</value></option></field></x></message>",
    json: {
      kind: "message",
      id: "1",
      dataform: {
        type: "form",
        fields: [{ var: "a", type: "list-single", options: [{ label: "One", value: "1" }] }],
      },
    },
  },
  "form-lines": {
    what: "The lines of a text-multi field become one value, and no line one empty value.",
    xml: "<message id='1'><x xmlns='jabber:x:data' type='submit'><field var='a' type='text-multi'><value>1</value><value>2</value></field></x></message>",
    json: {
      kind: "message",
      id: "1",
      dataform: { type: "submit", fields: [{ var: "a", type: "text-multi", value: "1\n2" }] },
    },
    read: "<message id='1'><x xmlns='jabber:x:data' type='submit'><field var='a' type='text-multi'><value>1\n2</value></field></x></message>",
  },
  "form-map": {
    what: "A form written in short, as `formdata` or as `data` of a command, gets no type, and no value where that is `true` or `false`.",
    xml: "<message id='1'><x xmlns='jabber:x:data' type='submit'><field var='a' type='boolean'><value>1</value></field></x></message>",
    json: { kind: "message", id: "1", formdata: { a: true } },
    read: "<message id='1'><x xmlns='jabber:x:data'><field var='a'/></x></message>",
  },
  "items-nest": {
    what: "The second item of an answer to disco#items ends up inside the first.",
    xml: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='a.example'/><item jid='b.example'/></query></iq>",
    json: { kind: "iq", type: "result", id: "1", items: [{ jid: "a.example" }, { jid: "b.example" }] },
    read: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/disco#items'><item jid='a.example'><item jid='b.example'/></item></query></iq>",
  },
  "oob-twice": {
    what: "JSON tells of an out-of-band address twice, as `oob` and as `oob_url`, and mod_rest writes it twice.",
    xml: "<message id='1'><x xmlns='jabber:x:oob'><url>https://example.com/</url></x></message>",
    json: { kind: "message", id: "1", oob: { url: "https://example.com/" }, oob_url: "https://example.com/" },
    read: "<message id='1'><x xmlns='jabber:x:oob'><url>https://example.com/</url></x><x xmlns='jabber:x:oob'><url>https://example.com/</url></x></message>",
  },
  "error-type": {
    effect: "stanza",
    what: "An error of a message or presence that has the type `error` makes mod_rest fail, and a reply vanishes.",
    xml: "<message id='1' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
    json: { kind: "message", type: "error", id: "1", error: { type: "cancel", condition: "conflict" } },
  },
  "error-rest": {
    what: "Of a stanza with an error nothing but the error comes through: no payload, no language.",
    xml: "<iq id='1' type='error'><ping xmlns='urn:xmpp:ping'/><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    json: {
      kind: "iq",
      type: "error",
      id: "1",
      ping: true,
      error: { type: "cancel", condition: "conflict" },
    },
    read: "<iq id='1' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
  },
  "from-alone": {
    what: "`from` without `to` is left out.",
    xml: "<message id='1' from='bot@rest.example/r'/>",
    json: { kind: "message", id: "1", from: "bot@rest.example/r" },
    read: "<message id='1'/>",
  },
  "address-invalid": {
    what: "A `to` or `from` that is no JID is left out: the stanza goes to oneself.",
    xml: "<message id='1' to='a@@b'/>",
    json: { kind: "message", id: "1", to: "a@@b" },
    read: "<message id='1'/>",
  },
  "archive-type": {
    what: "A message without a type that holds an archived message, or a command, gets the type `set`.",
    xml: "<message id='1'><result xmlns='urn:xmpp:mam:2' id='2'/></message>",
    json: { kind: "message", id: "1", archive: { id: "2" } },
    read: "<message id='1' type='set'><result xmlns='urn:xmpp:mam:2' id='2'/></message>",
  },
  "number-fraction": {
    effect: "stanza",
    what: "A fraction where a whole number belongs makes mod_rest fail.",
    xml: "<presence id='1'><priority>5.5</priority></presence>",
    json: { kind: "presence", type: "available", id: "1", priority: 5.5 },
  },
  "number-digits": {
    what: "A number that may be a fraction keeps six digits.",
    xml: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/stats'><stat name='n' value='1234567'/></query></iq>",
    json: { kind: "iq", type: "result", id: "1", stats: [{ name: "n", value: 1234567 }] },
    read: "<iq id='1' type='result'><query xmlns='http://jabber.org/protocol/stats'><stat name='n' value='1.23457e+06'/></query></iq>",
  },
  "control-character": {
    effect: "stanza",
    what: "A character that XML cannot carry makes mod_rest fail.",
    json: { kind: "message", id: "1", body: "\u0001" },
  },
});
