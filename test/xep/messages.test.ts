import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Jid, Message } from "../../src/stanza/index.ts";
import {
  buildCorrection,
  buildDelay,
  buildDisplayed,
  buildHint,
  buildMarkable,
  buildOriginId,
  buildReactions,
  buildReplyTo,
  buildRetraction,
  isMarkable,
  NS_CORRECTION,
  NS_DELAY,
  NS_HINTS,
  NS_MARKERS,
  NS_REACTIONS,
  NS_REPLY,
  NS_RETRACTION,
  NS_STANZA_IDS,
  readCorrection,
  readDelay,
  readEncryption,
  readHints,
  readMarker,
  readOccupantId,
  readOriginId,
  readReactions,
  readReferenceId,
  readReplyTo,
  readRetraction,
  readStanzaId,
} from "../../src/xep/index.ts";
import { child, holding, message, written } from "./support.ts";

const PLAIN = holding("<body>a</body>");

describe("XEP-0308: correction", () => {
  const example = message(`<message to='juliet@capulet.net/balcony' id='good1'>
    <body>But soft, what light through yonder window breaks?</body>
    <replace id='bad1' xmlns='urn:xmpp:message-correct:0'/>
  </message>`);

  it("names the message that is replaced (§4)", () => {
    assert.equal(readCorrection(example), "bad1");
    assert.equal(written(buildCorrection("bad1")), child(example, "replace", NS_CORRECTION));
    assert.equal(readCorrection(PLAIN), undefined);
    assert.equal(readCorrection(holding("<replace xmlns='urn:xmpp:message-correct:0'/>")), undefined);
  });
});

describe("XEP-0444: reactions", () => {
  const example =
    message(`<message to='romeo@capulet.net/orchard' id='96d73204-a57a-11e9-88b8-4889e7820c76' type='chat'>
    <reactions id='744f6e18-a57a-11e9-a656-4889e7820c76' xmlns='urn:xmpp:reactions:0'>
      <reaction>👋</reaction>
      <reaction>🐢</reaction>
    </reactions>
    <store xmlns="urn:xmpp:hints"/>
  </message>`);
  const reactions = { to: "744f6e18-a57a-11e9-a656-4889e7820c76", emojis: ["👋", "🐢"] };

  it("are all that somebody feels about one message (§4.2)", () => {
    assert.deepEqual(readReactions(example), reactions);
    assert.equal(written(buildReactions(reactions)), child(example, "reactions", NS_REACTIONS));
    assert.equal(readReactions(PLAIN), undefined);
  });

  it("count once, and none takes all back", () => {
    const of = (inside: string): unknown =>
      readReactions(holding(`<reactions id='1' xmlns='urn:xmpp:reactions:0'>${inside}</reactions>`));
    assert.deepEqual(
      of(
        "<reaction>👍</reaction><reaction> 👍 </reaction><reaction/><reaction xmlns='urn:other'>no</reaction>",
      ),
      { to: "1", emojis: ["👍"] },
    );
    assert.deepEqual(of(""), { to: "1", emojis: [] });
  });
});

describe("XEP-0461: replies", () => {
  const example = message(`<message to='anna@example.com' id='message-id2'>
    <body>Great idea!</body>
    <reply to='anna@example.com' id='message-id1' xmlns='urn:xmpp:reply:0'/>
  </message>`);

  it("name the message that they answer, and its author (§3)", () => {
    const replyTo = { id: "message-id1", jid: Jid.parse("anna@example.com") };
    assert.deepEqual(readReplyTo(example), replyTo);
    assert.equal(written(buildReplyTo(replyTo)), child(example, "reply", NS_REPLY));
    assert.deepEqual(readReplyTo(holding("<reply id='1' to='@' xmlns='urn:xmpp:reply:0'/>")), {
      id: "1",
      jid: undefined,
    });
    assert.equal(readReplyTo(PLAIN), undefined);
    assert.equal(readReplyTo(holding("<reply to='a@b.example' xmlns='urn:xmpp:reply:0'/>")), undefined);
  });
});

describe("XEP-0424 and XEP-0425: retraction", () => {
  const example = message(`<message type='chat' to='lord@capulet.example' id='retract-message-1'>
    <retract id='wrong-recipient-1' xmlns='urn:xmpp:message-retract:1'/>
    <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>
    <body>/me retracted a previous message, but it's unsupported by your client.</body>
    <store xmlns='urn:xmpp:hints'/>
  </message>`);
  const moderated = (from: string): unknown =>
    readRetraction(
      message(`<message type='groupchat' from='${from}' to='troll@example.com/phone'>
        <retract id='stanza-id-1' xmlns='urn:xmpp:message-retract:1'>
          <moderated by='room@muc.example.com/macbeth' xmlns='urn:xmpp:message-moderate:1'/>
          <reason>This message contains inappropriate content for this forum</reason>
        </retract>
      </message>`),
    );

  it("names the message that is taken back", () => {
    assert.deepEqual(readRetraction(example), {
      id: "wrong-recipient-1",
      moderated: false,
      reason: undefined,
    });
    assert.equal(written(buildRetraction("wrong-recipient-1")), child(example, "retract", NS_RETRACTION));
    assert.equal(readRetraction(PLAIN), undefined);
  });

  it("by a moderator is the room's to tell, and nobody else's (XEP-0425 §5)", () => {
    assert.deepEqual(moderated("room@muc.example.com"), {
      id: "stanza-id-1",
      moderated: true,
      reason: "This message contains inappropriate content for this forum",
      moderator: { jid: Jid.parse("room@muc.example.com/macbeth"), id: undefined },
    });
    assert.equal(moderated("room@muc.example.com/troll"), undefined);
  });
});

describe("XEP-0333: markers", () => {
  const example =
    message(`<message from='kingrichard@royalty.england.lit/throne' id='message-2' to='northumberland@shakespeare.lit/westminster'>
    <displayed xmlns='urn:xmpp:chat-markers:0' id='message-1'/>
  </message>`);

  it("tell how far somebody has read (§4)", () => {
    assert.deepEqual(readMarker(example), { state: "displayed", id: "message-1" });
    assert.equal(written(buildDisplayed("message-1")), child(example, "displayed", NS_MARKERS));
    assert.equal(readMarker(PLAIN), undefined);
    assert.equal(readMarker(holding("<displayed xmlns='urn:xmpp:chat-markers:0'/>")), undefined);
    assert.equal(readMarker(holding("<received xmlns='urn:xmpp:receipts' id='1'/>")), undefined);
  });

  it("are asked for", () => {
    const markable = holding("<body>a</body><markable xmlns='urn:xmpp:chat-markers:0'/>");
    assert.ok(isMarkable(markable) && !isMarkable(PLAIN));
    assert.equal(written(buildMarkable()), child(markable, "markable", NS_MARKERS));
  });
});

describe("XEP-0359: stanza ids", () => {
  const ROOM = Jid.parse("room@muc.example.org");
  const example =
    message(`<message from='room@muc.example.org/thirdwitch' id='hgn27af1' to='juliet@capulet.it/balcony' type='groupchat'>
    <body>Typical body text</body>
    <stanza-id xmlns='urn:xmpp:sid:0' id='forged' by='other@muc.example.org'/>
    <stanza-id xmlns='urn:xmpp:sid:0' id='5f3dbc5e-e1d3-4077-a492-693f3769c7ad' by='room@muc.example.org'/>
    <origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/>
  </message>`);
  const ORIGIN = "<origin-id xmlns='urn:xmpp:sid:0' id='o'/>";

  it("count by whom they are", () => {
    assert.equal(readStanzaId(example, ROOM.withResource("x")), "5f3dbc5e-e1d3-4077-a492-693f3769c7ad");
    assert.equal(readStanzaId(example, Jid.parse("muc.example.org")), undefined);
    assert.equal(readOriginId(example), "de305d54-75b4-431b-adb2-eb6b9e546013");
    assert.equal(
      written(buildOriginId("de305d54-75b4-431b-adb2-eb6b9e546013")),
      child(example, "origin-id", NS_STANZA_IDS),
    );
  });

  it("are how others speak of a message: in a room by the room's, else by the sender's", () => {
    assert.equal(readReferenceId(example), "5f3dbc5e-e1d3-4077-a492-693f3769c7ad");
    assert.equal(readReferenceId(holding(ORIGIN, "type='groupchat' id='i'")), undefined);
    assert.equal(readReferenceId(holding(ORIGIN, "type='chat' id='i'")), "o");
    assert.equal(readReferenceId(holding("", "type='chat' id='i'")), "i");
  });

  it("are those of the first message where it was corrected (XEP-0444 §4), but in a room", () => {
    const replace = "<replace xmlns='urn:xmpp:message-correct:0' id='first'/>";
    assert.equal(readReferenceId(holding(replace + ORIGIN, "type='chat' id='i'")), "first");
    assert.equal(readReferenceId(holding(replace, "type='groupchat' id='i'")), undefined);
    const inRoom = new Message(example.element.append(buildCorrection("first")));
    assert.equal(readReferenceId(inRoom), "5f3dbc5e-e1d3-4077-a492-693f3769c7ad");
  });
});

describe("XEP-0334: hints", () => {
  it("are read as they are built", () => {
    const off = holding("<no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/><store/>");
    assert.deepEqual(readHints(off), ["no-store", "no-copy"]);
    assert.deepEqual(readHints(PLAIN), []);
    assert.equal(written(buildHint("no-store")), child(off, "no-store", NS_HINTS));
  });
});

describe("XEP-0380: encryption explained", () => {
  it("is named by its namespace, and by a name that people know (§3)", () => {
    const example = message(`<message to='romeo@montague.lit/balcony' type='chat'>
      <body>This message is encrypted with OTR.</body>
      <encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>
    </message>`);
    assert.deepEqual(readEncryption(example), { namespace: "urn:xmpp:otr:0", name: "OTR" });
    assert.deepEqual(
      readEncryption(
        holding("<encryption xmlns='urn:xmpp:eme:0' name='Bla' namespace='im.example:mystery'/>"),
      ),
      { namespace: "im.example:mystery", name: "Bla" },
    );
    assert.deepEqual(
      readEncryption(holding("<encryption xmlns='urn:xmpp:eme:0' name='Bla' namespace='urn:xmpp:omemo:2'/>")),
      { namespace: "urn:xmpp:omemo:2", name: "OMEMO" },
    );
  });

  it("is known by what is encrypted, too", () => {
    assert.deepEqual(readEncryption(holding("<encrypted xmlns='eu.siacs.conversations.axolotl'/>")), {
      namespace: "eu.siacs.conversations.axolotl",
      name: "OMEMO",
    });
    assert.equal(readEncryption(PLAIN), undefined);
    assert.equal(readEncryption(holding("<x xmlns='jabber:x:oob'/>")), undefined);
  });
});

describe("XEP-0203: delay", () => {
  const example = message(`<message from='romeo@montague.net/orchard' to='juliet@capulet.com' type='chat'>
    <body>O blessed, blessed night!</body>
    <delay xmlns='urn:xmpp:delay' from='capulet.com' stamp='2002-09-10T23:08:25Z'/>
  </message>`);

  it("tells since when, and because of whom (§3)", () => {
    const delay = { stamp: new Date("2002-09-10T23:08:25Z"), from: Jid.parse("capulet.com") };
    assert.deepEqual(readDelay(example), delay);
    assert.equal(written(buildDelay(delay.stamp, delay.from)), child(example, "delay", NS_DELAY));
    assert.equal(readDelay(PLAIN), undefined);
    assert.equal(readDelay(holding("<delay xmlns='urn:xmpp:delay' stamp='yesterday'/>")), undefined);
  });
});

describe("XEP-0421: occupant ids", () => {
  it("are read from what a room sends (§3)", () => {
    const example = message(`<message from='room@conference.example/nurse' type='groupchat'>
      <body>a</body>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='dd72603deec90a38ba552f7c68cbcc61bca202cd'/>
    </message>`);
    assert.equal(readOccupantId(example), "dd72603deec90a38ba552f7c68cbcc61bca202cd");
    assert.equal(readOccupantId(PLAIN), undefined);
  });

  it("are none where they are empty, or too long to be kept", () => {
    const id = (length: number): string | undefined =>
      readOccupantId(holding(`<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${"x".repeat(length)}'/>`));
    assert.deepEqual([id(0), id(256)?.length, id(257), id(100_000)], [undefined, 256, undefined, undefined]);
  });
});
