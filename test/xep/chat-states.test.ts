import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Message, readStanza, writeXml } from "../../src/stanza/index.ts";
import { buildChatState, type ChatState, readChatState } from "../../src/xep/index.ts";

const state = (inside: string): ChatState | undefined =>
  readChatState(readStanza(`<message type='chat'>${inside}</message>`) as Message);

describe("XEP-0085: chat states", () => {
  it("are read from messages with and without a body", () => {
    assert.equal(
      state(
        "<body>Who's there?</body><thread>act2scene2chat1</thread><active xmlns='http://jabber.org/protocol/chatstates'/>",
      ),
      "active",
    );
    assert.equal(state("\n  <composing xmlns='http://jabber.org/protocol/chatstates'/>\n"), "composing");
    assert.equal(state("<body>Who's there?</body>"), undefined);
    assert.equal(state("<composing xmlns='jabber:x:event'/>"), undefined);
    assert.equal(state("<dancing xmlns='http://jabber.org/protocol/chatstates'/>"), undefined);
  });

  it("are read as they are built, all five", () => {
    for (const each of ["active", "composing", "paused", "inactive", "gone"] as const) {
      const xml = writeXml(buildChatState(each));
      assert.equal(xml, `<${each} xmlns="http://jabber.org/protocol/chatstates"/>`);
      assert.equal(state(xml), each);
    }
  });
});
