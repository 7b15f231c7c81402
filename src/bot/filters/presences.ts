import { PRESENCE_TYPES, type Presence, type PresenceType, type StanzaError } from "../../stanza/index.ts";
import { type Departure, type Occupant, readOccupant } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import type { KnownOccupant, Occupants } from "../rooms/occupants.ts";
import type { RoomError } from "../rooms/room-error.ts";
import type { StanzaClass } from "./condition.ts";
import type { FilterSpec } from "./spec.ts";

/** Somebody who was in a room. */
type Gone = Occupant & { readonly departure: Departure };

/** What the filters for presence promise. */
export interface PresenceFilters {
  /**
   * That somebody is available or unavailable. Requests such as `subscribe` and `probe` have filters of their own, so that a
   * bot that looks at presence does not answer them with silence.
   */
  presence: { readonly stanza: Presence };
  "presence:available": { readonly stanza: Presence };
  "presence:unavailable": { readonly stanza: Presence };
  /** Somebody wants to see the bot's presence. */
  "presence:subscribe": { readonly stanza: Presence };
  /** Somebody lets the bot see their presence. */
  "presence:subscribed": { readonly stanza: Presence };
  /** Somebody does not want to see the bot's presence any more. */
  "presence:unsubscribe": { readonly stanza: Presence };
  /** Somebody does not let the bot see their presence, or not any more. */
  "presence:unsubscribed": { readonly stanza: Presence };
  /** A server asks for the bot's presence. */
  "presence:probe": { readonly stanza: Presence };
  /** A presence that came back as an error, such as of a room that does not let the bot in. */
  "presence:error": { readonly stanza: Presence; readonly error: StanzaError };
  /** That a contact, and not an occupant of a room, is available or unavailable. */
  "presence:contact": { readonly stanza: Presence };
  /** What a room tells of an occupant (XEP-0045), whatever that is. */
  "presence:occupant": { readonly stanza: Presence; readonly occupant: Occupant };
  /**
   * That an occupant is in the room, with this role and affiliation: they have come, were there before the bot, have changed, or are only
   * away for a while. See `presence:joined` and `presence:changed`.
   */
  "presence:present": { readonly stanza: Presence; readonly occupant: Occupant };
  /**
   * That somebody has come into the room while the bot was in it; not those who were there before, nor who goes on under another
   * nickname. A bot learns who was there when it comes in, so in doubt this is not told: after a crash, in rooms with more occupants than
   * are remembered, on another node; and where stanzas race (a stock mount), within five seconds of the bot's own coming.
   *
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().on("presence:joined", async (ctx) => {
   *   await ctx.send(ctx.occupant.room, `Welcome, ${ctx.occupant.nick}!`);
   * });
   * ```
   */
  "presence:joined": { readonly stanza: Presence; readonly occupant: Occupant };
  /** That an occupant has another role or affiliation than `before` (XEP-0045 §5). In doubt it is not told, as with `presence:joined`. */
  "presence:changed": {
    readonly stanza: Presence;
    readonly occupant: Occupant;
    readonly before: KnownOccupant;
  };
  /** That an occupant is not in the room any more, for whatever reason. */
  "presence:left": { readonly stanza: Presence; readonly occupant: Gone };
  /** That an occupant goes on under another nickname (XEP-0045 §7.6). */
  "presence:renamed": {
    readonly stanza: Presence;
    readonly occupant: Occupant & { readonly departure: "renamed"; readonly newNick: string };
  };
  /** That an occupant was thrown out (XEP-0045 §8.2). */
  "presence:kicked": {
    readonly stanza: Presence;
    readonly occupant: Occupant & { readonly departure: "kicked" };
  };
  /** That an occupant was thrown out for good (XEP-0045 §9.1). */
  "presence:banned": {
    readonly stanza: Presence;
    readonly occupant: Occupant & { readonly departure: "banned" };
  };
  /** That an occupant is out as the room is no more (XEP-0045 §10.9); `venue` is where to go instead. The bot's own comes, too. */
  "presence:destroyed": {
    readonly stanza: Presence;
    readonly occupant: Occupant & { readonly departure: "destroyed" };
  };
  /** That the bot itself is not in a room any more: see `departure`, `actor` and `reason`. */
  "presence:out": { readonly stanza: Presence; readonly occupant: Gone };
  /** That a room has not let the bot in, or has not given it another nickname. */
  "presence:refused": { readonly stanza: Presence; readonly refusal: RoomError };
  /** What a room tells of the bot itself: that it is in, under which nickname, or that it is out. */
  "presence:self": { readonly stanza: Presence; readonly occupant: Occupant };
}

const BOTH: readonly StanzaClass[] = ["presence-available", "presence-unavailable"];

/** @internal */
export const presenceFilters: Readonly<Record<keyof PresenceFilters, FilterSpec>> = {
  presence: {
    classes: BOTH,
    parts: [],
    test: ({ stanza }) => stanza.kind === "presence" && isAvailability(stanza),
  },
  ...(Object.fromEntries(PRESENCE_TYPES.map((type) => [`presence:${type}`, ofType(type)])) as Record<
    `presence:${PresenceType}`,
    FilterSpec
  >),
  "presence:error": {
    ...ofType("error"),
    test: ({ stanza }) => stanza.kind === "presence" && stanza.type === "error" && { error: stanza.error },
  },
  "presence:contact": {
    classes: BOTH,
    parts: ["contact"],
    test: (ctx) => ctx.stanza.kind === "presence" && isAvailability(ctx.stanza) && !ctx.inRoom,
  },
  "presence:occupant": occupant(BOTH, [], () => true),
  "presence:present": occupant(["presence-available"], [], ({ departure }) => departure === undefined),
  "presence:joined": occupant(
    ["presence-available"],
    ["joined"],
    (_, presence, known) => known?.isNewcomer(presence) === true,
  ),
  "presence:changed": occupant(["presence-available"], ["changed"], (_, presence, known) => {
    const before = known?.before(presence);
    return before !== undefined && { before };
  }),
  "presence:left": occupant(
    ["presence-unavailable"],
    ["left"],
    ({ departure }) => departure !== undefined && departure !== "renamed",
  ),
  "presence:renamed": occupant(
    ["presence-unavailable"],
    ["renamed"],
    ({ departure, newNick }) => departure === "renamed" && newNick !== undefined,
  ),
  "presence:kicked": occupant(
    ["presence-unavailable"],
    ["left", "kicked"],
    ({ departure }) => departure === "kicked",
  ),
  "presence:banned": occupant(
    ["presence-unavailable"],
    ["left", "banned"],
    ({ departure }) => departure === "banned",
  ),
  "presence:destroyed": occupant(
    ["presence-unavailable"],
    ["left", "destroyed"],
    ({ departure }) => departure === "destroyed",
  ),
  "presence:out": occupant(
    ["presence-unavailable"],
    ["left", "self"],
    ({ self, departure }) => self && departure !== undefined && departure !== "renamed",
  ),
  "presence:refused": {
    classes: ["presence-error"],
    parts: ["refused"],
    test: ({ stanza, bot }) => {
      const refusal = stanza.kind === "presence" ? bot.rooms.refusal(stanza) : undefined;
      return refusal !== undefined && { refusal };
    },
  },
  "presence:self": occupant(BOTH, ["self"], ({ self }) => self),
};

function ofType(type: PresenceType): FilterSpec {
  return {
    classes: [`presence-${type}`],
    parts: [],
    test: ({ stanza }) => stanza.kind === "presence" && stanza.type === type,
  };
}

function occupant(
  classes: readonly StanzaClass[],
  parts: readonly string[],
  test: (occupant: Occupant, presence: Presence, known: Occupants | undefined) => boolean | object,
): FilterSpec {
  return {
    classes,
    parts: ["occupant", ...parts],
    test: ({ stanza, bot }: Context) => {
      if (stanza.kind !== "presence") return false;
      const found = readOccupant(stanza);
      if (found === undefined) return false;
      const passed = test(found, stanza, bot.occupants);
      return passed && { occupant: found, ...(typeof passed === "object" && passed) };
    },
  };
}

function isAvailability({ type }: Presence): boolean {
  return type === "available" || type === "unavailable";
}
