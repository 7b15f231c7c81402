import type { Clock } from "../../store/index.ts";

/** What a room may be told when it is made. */
export interface MucRoomOptions {
  /** The bare JID of its owner. */
  readonly owner?: string | undefined;
  /** Whether everybody sees who everybody is; default: moderators alone. */
  readonly nonAnonymous?: boolean | undefined;
  /** Whether it keeps what is said, and gives each message an id of its own (XEP-0313, XEP-0359); default: no. */
  readonly archives?: boolean | undefined;
  /** What its archive goes by; default: the real time. */
  readonly clock?: Clock | undefined;
  /** Whether it stays when the last has left; default: no. */
  readonly lasting?: boolean | undefined;
  /** What one has to say at the door; default: nothing. */
  readonly password?: string | undefined;
  /** Whether it is for members alone; default: no. */
  readonly membersOnly?: boolean | undefined;
  /** Whether who is no member has to be given voice; default: no. */
  readonly moderated?: boolean | undefined;
}

/** How a room is configured. */
export interface MucConfiguration {
  name: string;
  password: string;
  membersOnly: boolean;
  moderated: boolean;
  nonAnonymous: boolean;
  changeSubject: boolean;
}

/** How a room is configured when it is made. */
export function configurationOf(jid: string, options: MucRoomOptions): MucConfiguration {
  return {
    name: jid.slice(0, jid.indexOf("@")),
    password: options.password ?? "",
    membersOnly: options.membersOnly === true,
    moderated: options.moderated === true,
    nonAnonymous: options.nonAnonymous === true,
    changeSubject: false,
  };
}
