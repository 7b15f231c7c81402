import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { writeXml } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import {
  buildCommandRequest,
  buildSubmit,
  readCommandAnswer,
  readCommandCondition,
} from "../../../src/xep/index.ts";
import { type Routes, stanza, world } from "../../dispatch/support.ts";

const clerk: Routes = (bot) =>
  bot.command({
    name: "order",
    summary: "takes an order",
    args: z.object({ what: z.string() }),
    run: (_, { what }) => `${what} it is.`,
  });

/** What comes of a step: the session that has begun, what was said, or why it was refused. */
function waiter(): (from: string, sessionId?: string) => Promise<string | undefined> {
  const { dispatcher } = world({ clerk }, { store: new MemoryStore() });
  return async (from, sessionId) => {
    const form = sessionId === undefined ? undefined : buildSubmit({ what: "tea" });
    const request = writeXml(buildCommandRequest({ node: "order", sessionId, form }));
    const became = await dispatcher.dispatch(
      stanza(`<iq type='set' id='1' from='${from}' to='clerk@bots.example'>${request}</iq>`),
    );
    if (became.kind === "error") return readCommandCondition(became.error);
    assert.ok(became.kind === "reply" && became.stanza.kind === "iq");
    const { payload } = became.stanza;
    const read = payload && readCommandAnswer(payload);
    return sessionId === undefined ? read?.sessionId : read?.notes[0]?.text;
  };
}

describe("a session of a command in a menu", () => {
  for (const [own, others] of [
    [
      "juliet@example.com/balcony",
      ["juliet@example.com/chamber", "juliet@example.com", "romeo@example.com/balcony"],
    ],
    [
      "room@rooms.example/nurse",
      ["room@rooms.example/juliet", "room@rooms.example", "other@rooms.example/nurse"],
    ],
  ] as const) {
    it(`of ${own} is nobody else's, and goes on whatever others try`, async () => {
      const take = waiter();
      const id = await take(own);
      assert.ok(id);
      for (const other of others) assert.equal(await take(other, id), "session-expired", other);
      assert.equal(await take(own, id), "tea it is.");
      assert.equal(await take(own, id), "session-expired");
    });
  }
});
