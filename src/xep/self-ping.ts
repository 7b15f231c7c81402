import type { StanzaError } from "../stanza/index.ts";

/** XEP-0410: MUC Self-Ping; the feature of a service that answers these pings itself. */
export const NS_SELF_PING = "http://jabber.org/protocol/muc#self-ping-optimization";

/** Whether one is in a room, under the nickname that was pinged; `unknown` where nobody could say. */
export type Attendance = "in" | "out" | "unknown";

/** What the answer to a ping to one's own nickname says (XEP-0410 §3.2), the error or `undefined` for a result. */
export function readSelfPing(error: StanzaError | undefined): Attendance {
  switch (error?.condition) {
    // The room has passed it on to oneself, who does not answer pings, or not in time.
    case undefined:
    case "service-unavailable":
    case "feature-not-implemented":
      return "in";
    case "remote-server-not-found":
    case "remote-server-timeout":
    case "recipient-unavailable":
    case "resource-constraint":
    case "internal-server-error":
      return "unknown";
    // Such as not-acceptable: not in it; item-not-found: not under this nickname, which to enter again makes out.
    default:
      return "out";
  }
}
