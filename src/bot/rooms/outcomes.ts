import { RestError } from "../../outbound/index.ts";
import { Jid, JidError, StanzaError } from "../../stanza/index.ts";
import type { Occupant } from "../../xep/index.ts";
import { AWAY, LASTING, PASSING, type Pause, pauseFor } from "./backoff.ts";
import type { RoomEntered, RoomNews, RoomOut, RoomRefused } from "./news.ts";
import { nextNickname } from "./nicknames.ts";
import { refusalOf } from "./refusal.ts";
import { RoomError } from "./room-error.ts";
import type { Stay } from "./stay.ts";

/** What something that a room has said, or has not, makes of a stay. */
export interface Outcome<News extends RoomNews | undefined> {
  /** The bare JID. */
  readonly room: Jid;
  /** `undefined` where the bot is through with the room. */
  readonly stay: Stay | undefined;
  readonly news: News;
}

/** When it is so, and by what chance pauses differ. */
export interface Moment {
  /** In milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** After which the bot is out because somebody wants it to be. */
const MEANT: ReadonlySet<string> = new Set(["kicked", "banned", "affiliation", "members-only", "destroyed"]);

/** How often a room is tried that somebody has asked the bot into, and that never was there: a quarter of an hour, and the place is free for another. */
const MOST_INVITED = 10;

/**
 * The bot is in, under this nickname.
 *
 * @param noIds see {@link Stay.noIds}; default: as before.
 */
export function entered(
  room: Jid,
  before: Stay,
  nick: string,
  noIds = before.noIds,
): Outcome<RoomEntered | undefined> {
  const { asked: _, making: __, invited: ___, again, ...stay } = before;
  const wish = stay.wish ?? nick;
  const isNews = before.nick !== nick || again !== undefined;
  const news = isNews ? ({ kind: "in", room, nick, wish } as const) : undefined;
  return { room, stay: { ...stay, nick, wish, noIds }, news };
}

/**
 * The room has refused a nickname. Who is refused another one (XEP-0045 §7.6) keeps the old one; who has none is not in the room.
 *
 * @param refused the nickname, where the room names it.
 */
export function refused(
  room: Jid,
  stay: Stay,
  error: StanzaError,
  refused: string | undefined,
  moment: Moment,
): Outcome<RoomRefused> {
  const { nick, asked, listed } = stay;
  const told = { kind: "refused", room, error: new RoomError("join", room, error) } as const;
  if (nick !== undefined && asked !== undefined && nick !== asked)
    return { room, stay: { ...stay, asked: undefined }, news: { ...told, stays: true, again: undefined } };
  const refusal = refusalOf(error);
  const next = refusal === "nickname" ? another(room, stay.wish ?? refused, refused) : undefined;
  if (next !== undefined)
    return {
      room,
      stay: waiting({ ...stay, asked: next }, 0, moment),
      news: { ...told, stays: false, again: 0 },
    };
  const isTriedAgain = refusal === "passing" || refusal === "nickname" || (refusal === "lasting" && listed);
  if (!isTriedAgain || isGivenUp(stay))
    return { room, stay: undefined, news: { ...told, stays: false, again: undefined } };
  const again = pause(refusal === "passing" ? PASSING : LASTING, stay, moment);
  return {
    room,
    stay: waiting({ ...stay, asked: undefined }, again, moment),
    news: { ...told, stays: false, again },
  };
}

/** A join could not be sent. The bot may be in the room all the while, under the nickname that it has. */
export function unreachable(room: Jid, stay: Stay, error: unknown, moment: Moment): Outcome<RoomRefused> {
  const isLasting = error instanceof JidError || (error instanceof RestError && !error.retryable);
  const again = pause(isLasting ? LASTING : AWAY, stay, moment);
  const text = error instanceof Error ? error.message : String(error);
  const cause = new StanzaError("recipient-unavailable", { text, cause: error });
  return {
    room,
    stay: { ...stay, tries: (stay.tries ?? 0) + 1, again: moment.now + again },
    news: { kind: "refused", room, error: new RoomError("join", room, cause), stays: false, again },
  };
}

/** The room has said that the bot is out, and why. */
export function departed(
  room: Jid,
  stay: Stay,
  { departure = "left", actor, reason, venue }: Pick<Occupant, "departure" | "actor" | "reason" | "venue">,
  moment: Moment,
): Outcome<RoomOut> {
  const told = { kind: "out", room, departure, actor, reason, venue } as const;
  if (MEANT.has(departure)) return { room, stay: undefined, news: { ...told, again: undefined } };
  const again = pause(PASSING, stay, moment);
  return { room, stay: waiting({ ...stay, asked: undefined }, again, moment), news: { ...told, again } };
}

/** The room knows nothing of the bot when it is asked, or not under its nickname, or says nothing at all. */
export function lost(
  room: Jid,
  stay: Stay,
  departure: "renamed" | "unknown",
  moment: Moment,
): Outcome<RoomOut> {
  // Who was let in once is let in again at once; who never was may be asking too much.
  const again = stay.nick !== undefined ? 0 : pause(PASSING, stay, moment);
  const none = { actor: undefined, reason: undefined, venue: undefined };
  if (isGivenUp(stay))
    return {
      room,
      stay: undefined,
      news: { kind: "out", room, departure, ...none, again: undefined },
    };
  return {
    room,
    stay: waiting(stay, again, moment),
    news: { kind: "out", room, departure, ...none, again },
  };
}

function isGivenUp({ invited, tries = 0 }: Stay): boolean {
  return invited === true && tries >= MOST_INVITED;
}

/** @param again in how many milliseconds the room is to be entered again. */
function waiting({ nick: _, ...stay }: Stay, again: number, { now }: Moment): Stay {
  const tries = again === 0 ? stay.tries : (stay.tries ?? 0) + 1;
  return { ...stay, tries, again: now + again };
}

function pause(pause: Pause, { tries = 0 }: Stay, { random }: Moment): number {
  return pauseFor(pause, tries, random);
}

function another(room: Jid, wish: string | undefined, taken: string | undefined): string | undefined {
  if (wish === undefined || taken === undefined) return undefined;
  const next = nextNickname(wish, taken);
  return next !== undefined && Jid.isValid(`${room}/${next}`) ? next : undefined;
}
