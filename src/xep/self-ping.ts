import type { StanzaError } from "../stanza/index.ts";

/** XEP-0410: MUC Self-Ping; the feature of a service that answers these pings itself. */
export const NS_SELF_PING = "http://jabber.org/protocol/muc#self-ping-optimization";

/**
 * Whether one is in a room: `in` it under the nickname that was pinged, `renamed` where that is nobody's there, `out`, or `unknown` where
 * nobody could say.
 */
export type Attendance = "in" | "renamed" | "out" | "unknown";

/**
 * What the answer to a ping to one's own nickname says (XEP-0410 §3.2). Of who is `renamed` the extension says that they are in the room
 * under another nickname; services also answer so where there is no such room any more, so to enter again is right in both cases.
 *
 * @param error what was answered; `undefined` for a result.
 */
export function readSelfPing(error: StanzaError | undefined): Attendance {
  switch (error?.condition) {
    // The room has passed it on to oneself, who does not answer pings.
    case undefined:
    case "service-unavailable":
    case "feature-not-implemented":
      return "in";
    case "item-not-found":
      return "renamed";
    case "remote-server-not-found":
    case "remote-server-timeout":
      return "unknown";
    // Services differ in what they say: not-acceptable, not-allowed, bad-request.
    default:
      return "out";
  }
}
