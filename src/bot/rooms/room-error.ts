import { type Jid, StanzaError, type StanzaErrorCondition } from "../../stanza/index.ts";

/** What a room was asked to do. */
export type RoomAction =
  | "affiliate"
  | "ban"
  | "configure"
  | "create"
  | "destroy"
  | "invite"
  | "join"
  | "kick"
  | "list"
  | "moderate"
  | "retract"
  | "role"
  | "subject";

/** What it was about, for a person. */
const DEEDS: Readonly<Record<RoomAction, (whom: string) => string>> = {
  affiliate: (whom) => `change the affiliation of ${whom} in`,
  ban: (whom) => `ban ${whom} from`,
  configure: () => "configure",
  create: () => "create",
  destroy: () => "destroy",
  invite: (whom) => `invite ${whom} into`,
  join: () => "join",
  kick: (whom) => `kick ${whom} out of`,
  list: () => "read a list of",
  moderate: (whom) => `take back the message ${whom} in`,
  retract: (whom) => `take back its message ${whom} in`,
  role: (whom) => `change the role of ${whom} in`,
  subject: () => "change the subject of",
};

type Hints = Partial<Readonly<Record<StanzaErrorCondition, string>>>;

const JOINING: Hints = {
  conflict: "somebody there has its nickname, or it is kept for somebody",
  forbidden: "the bot is banned there, which only an admin of the room can undo",
  "item-not-found": "there is no such room yet, or its owner is just making it",
  "not-acceptable": "the room does not let anybody in under this nickname: choose another one",
  "not-allowed": "there is no such room, and its service does not let the bot make one",
  "not-authorized":
    "it wants a password: join(room, nick, { password }), or { room, password } in the configuration",
  "registration-required":
    "it is for members alone: have an admin of the room make the bot's address a member",
  "remote-server-not-found":
    "its service cannot be found: compare the domain; it may also not have started yet",
  "remote-server-timeout": "its service does not answer",
  "resource-constraint": "its service has no room for more",
  "service-unavailable": "it is full",
};

const DOING: Hints = {
  conflict: "that would leave the room without an owner, or takes a nickname of somebody else's",
  "feature-not-implemented": "the room's service does not know how",
  forbidden: "the bot is not allowed to: have an owner of the room make it an admin or owner there",
  "item-not-found": "the room knows nothing of that; who or what it is about may be gone",
  "not-acceptable": "the bot is not in this room, or the room does not want it like that",
  "not-allowed": "the room does not let the bot do this: it may be about somebody of a higher rank",
  "remote-server-not-found": "its service cannot be found",
  "remote-server-timeout": "its service does not answer",
  "service-unavailable": "the room's service does not know how",
};

/**
 * A room has refused something. It is the `StanzaError` that the room answered with, and knows what it was about.
 *
 * @example
 * ```ts
 * import { Composer, RoomError } from "restanza";
 *
 * new Composer().hears(/^kick (\S+)$/, async (ctx) => {
 *   try {
 *     await ctx.bot.rooms.room(ctx.from).kick(ctx.match[1] ?? "");
 *     return "Done.";
 *     return "Done.";
 *   } catch (error) {
 *     if (error instanceof RoomError) return `That did not work: ${error.hint ?? error.condition}.`;
 *     throw error;
 *   }
 * });
 * ```
 */
export class RoomError extends StanzaError {
  override name = "RoomError";
  readonly room: Jid;
  readonly action: RoomAction;
  /** Why that may be, and what to do; `undefined` where the room's answer says all there is. */
  readonly hint: string | undefined;

  /** @param whom whom or what it was about. */
  constructor(action: RoomAction, room: Jid, error: StanzaError, whom = "somebody") {
    super(error.condition, { ...error, received: true, cause: error });
    this.room = room.bare;
    this.action = action;
    this.hint = (action === "join" ? JOINING : DOING)[error.condition];
    const why = [error.condition, error.text].filter(Boolean).join(": ");
    this.message = `the bot could not ${DEEDS[action](whom)} ${this.room} (${why})${this.hint ? `: ${this.hint}` : ""}`;
  }
}
