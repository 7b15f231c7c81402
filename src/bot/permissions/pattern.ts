import { Jid } from "../../stanza/index.ts";
import type { Affiliation, Role } from "../../xep/index.ts";
import type { Subject } from "./subject.ts";

/** A pattern that cannot be read. The message says what would be one. */
export class PatternError extends Error {
  override name = "PatternError";
}

/** Whom something is about, read from how it is written. */
export interface Pattern {
  /** In its one spelling. */
  readonly text: string;
  matches(subject: Subject): boolean;
}

const AFFILIATIONS: readonly Affiliation[] = ["owner", "admin", "member"];
const ROLES: readonly Role[] = ["moderator", "participant", "visitor"];

const WANTED =
  "give an account (juliet@example.com), all accounts of a domain (example.com), everyone, or occupants by affiliation:owner, affiliation:admin, affiliation:member, role:moderator, role:participant or role:visitor and the room or its service (affiliation:admin:lobby@rooms.example.com)";

/**
 * Reads whom something is about.
 *
 * @throws PatternError
 */
export function readPattern(text: string): Pattern {
  const written = text.trim();
  if (written.toLowerCase() === "everyone") return { text: "everyone", matches: () => true };
  const byRoom = /^(affiliation|role):([a-z]+):(.+)$/i.exec(written);
  if (byRoom !== null) return ofRoom(byRoom);
  const jid = jidOf(written);
  // An account has one address however many devices; a device is nobody of its own.
  if (jid === undefined || !jid.isBare)
    throw new PatternError(`${JSON.stringify(text)} names nobody: ${WANTED}`);
  const name = jid.toString();
  if (jid.local === undefined) return { text: name, matches: ({ account }) => account?.domain === name };
  return { text: name, matches: ({ account }) => account?.toString() === name };
}

/** Whether {@link readPattern} can read it. */
export function isPattern(text: string): boolean {
  try {
    readPattern(text);
    return true;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

function ofRoom([written, kind, rank, place]: RegExpExecArray): Pattern {
  const word = kind?.toLowerCase() === "role" ? "role" : "affiliation";
  const ranks: readonly string[] = word === "role" ? ROLES : AFFILIATIONS;
  const least = ranks.indexOf(rank?.toLowerCase() ?? "");
  const room = jidOf(place ?? "");
  if (least === -1 || room === undefined || !room.isBare)
    throw new PatternError(`${JSON.stringify(written)} names nobody: ${WANTED}`);
  const name = room.toString();
  return {
    text: `${word}:${ranks[least]}:${name}`,
    matches: ({ occupant }) => {
      if (occupant === undefined) return false;
      const place = room.local === undefined ? occupant.room.domain : occupant.room.toString();
      const has = ranks.indexOf(occupant[word]);
      // An owner is all that an admin is (XEP-0045 §5.2).
      return place === name && has !== -1 && has <= least;
    },
  };
}

function jidOf(text: string): Jid | undefined {
  return Jid.isValid(text) ? Jid.parse(text) : undefined;
}
