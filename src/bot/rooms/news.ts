import type { Logger } from "pino";
import type { Jid } from "../../stanza/index.ts";
import type { Departure } from "../../xep/index.ts";
import type { RoomError } from "./room-error.ts";

/** A room has not let the bot in, or has not given it another nickname. */
export interface RoomRefused {
  readonly kind: "refused";
  readonly room: Jid;
  readonly error: RoomError;
  /** Whether the bot is in it all the same, under the nickname that it had. */
  readonly stays: boolean;
  /** In how many milliseconds it is tried again; `undefined` where it is not. */
  readonly again: number | undefined;
}

/** The bot is in a room. */
export interface RoomEntered {
  readonly kind: "in";
  readonly room: Jid;
  readonly nick: string;
  /** The nickname that it is to have. */
  readonly wish: string;
}

/** The bot is not in a room any more. */
export interface RoomOut {
  readonly kind: "out";
  readonly room: Jid;
  /** Why; `unknown` where the room knew nothing of the bot when it was asked. */
  readonly departure: Departure | "unknown";
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  readonly venue: Jid | undefined;
  /** In how many milliseconds it is tried again; `undefined` where it is not. */
  readonly again: number | undefined;
}

/** What has become of the bot in a room. */
export type RoomNews = RoomEntered | RoomRefused | RoomOut;

/** Tells an operator. */
export function tellRoomNews(log: Logger, news: RoomNews): void {
  const room = String(news.room);
  switch (news.kind) {
    case "in":
      if (news.nick === news.wish) log.info({ room, nick: news.nick }, "the bot is in a room");
      else
        log.warn(
          { room, nick: news.nick, wish: news.wish },
          `the bot is in a room under another nickname, as ${news.wish} is not to be had; it takes that as soon as it is free`,
        );
      break;
    case "refused":
      log.warn(
        { room, condition: news.error.condition, again: news.again },
        `${news.error.message}; ${news.stays ? "it keeps the nickname that it has" : later(news.again)}`,
      );
      break;
    case "out": {
      const { departure, actor, reason, again } = news;
      const venue = news.venue === undefined ? undefined : String(news.venue);
      log.warn(
        { room, departure, actor, reason, venue, again },
        `the bot is not in a room any more; ${later(again)}`,
      );
    }
  }
}

function later(again: number | undefined): string {
  return again === undefined
    ? "it does not try again"
    : `it tries again in ${Math.round(again / 100) / 10} s`;
}
