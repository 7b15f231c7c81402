import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readXml, StanzaError, writeXml } from "../../src/stanza/index.ts";
import {
  commandError,
  NS_COMMANDS,
  readCommandAnswer,
  readCommandCondition,
  readCommandRequest,
} from "../../src/xep/index.ts";

describe("XEP-0050: ad-hoc commands", () => {
  it("reads no action as execute (§4.1), one that nobody knows as none, and no node as no command", () => {
    const read = (attrs: string) => readCommandRequest(readXml(`<command xmlns='${NS_COMMANDS}' ${attrs}/>`));
    assert.equal(read("node='n'")?.action, "execute");
    assert.equal(read("node='n' action='prev'")?.action, "prev");
    assert.deepEqual(read("node='n' action='dance'"), {
      node: "n",
      action: undefined,
      sessionId: undefined,
      form: undefined,
    });
    assert.equal(read("action='execute'"), undefined);
  });

  it("reads an answer that says little, or what nobody knows", () => {
    const read = (xml: string) => readCommandAnswer(readXml(xml));
    const answer = read(
      `<command xmlns='${NS_COMMANDS}' status='dancing'><actions execute='dance'><dance/><prev/></actions><note>a</note><note type='b'>c</note></command>`,
    );
    assert.equal(answer.status, "completed");
    assert.equal(answer.execute, undefined);
    assert.deepEqual(answer.actions, ["prev"]);
    assert.deepEqual(answer.notes, [
      { type: "info", text: "a" },
      { type: "info", text: "c" },
    ]);
  });

  it("refuses by the errors of §4.4", () => {
    const error = commandError("session-expired", { text: "It is over.", lang: "en" });
    assert.equal(
      writeXml(error.toElement()),
      '<error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas" xml:lang="en">It is over.</text><session-expired xmlns="http://jabber.org/protocol/commands"/></error>',
    );
    assert.equal(readCommandCondition(StanzaError.fromElement(error.toElement())), "session-expired");
    assert.equal(readCommandCondition(new StanzaError("forbidden")), undefined);
    assert.equal(commandError("bad-payload").condition, "bad-request");
  });
});
