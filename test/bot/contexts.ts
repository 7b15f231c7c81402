import assert from "node:assert/strict";
import { Context, Rooms } from "../../src/bot/index.ts";
import { Jid, type Stanza } from "../../src/stanza/index.ts";
import { RecordingSender, stanza, world } from "../dispatch/support.ts";

const { bot } = world({ echo: () => undefined });

/** The context of a stanza for the bot `echo`, which answers nobody and remembers nothing. */
export function contextOf(what: string | Stanza, rooms: Rooms = bot("echo").rooms): Context {
  const it = typeof what === "string" ? stanza(what) : what;
  const answering = {
    reply: async () => undefined,
    send: async () => ({ id: "" }),
    elsewhere: async () => ({ id: "" }),
    answerOnceKept: () => undefined,
    nameNext: () => undefined,
    draft: (): never => assert.fail("there is nobody to write to here"),
    signal: AbortSignal.abort(),
  };
  const noStorage = (): never => assert.fail("there is no storage here");
  return new Context(it, it.from ?? assert.fail(), { ...bot("echo"), rooms }, answering, noStorage);
}

/** Rooms of which the bot is in one. */
export async function inRoom(room: string, nick: string): Promise<Rooms> {
  const rooms = new Rooms(Jid.parse("echo@bots.example"), new RecordingSender());
  await rooms.join(Jid.parse(room), nick);
  return rooms;
}
