import { type Attendance, buildPing, NS_PING, NS_SELF_PING, readSelfPing } from "../../../src/xep/index.ts";
import { type Golden, goldens, inIq } from "../golden.ts";

function answer(title: string, condition: string | undefined, value: Attendance): Golden {
  const error =
    condition === undefined
      ? ""
      : `<error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  return inIq<Attendance>(
    title,
    `<iq from='room@service/nick' id='s2c1' to='user@client/resource' type='${error ? "error" : "result"}'>${error}</iq>`,
    value,
    (iq) => readSelfPing(iq.error),
    undefined,
  );
}

export default goldens(
  "0410",
  inIq(
    "§3.1 a ping to one's own nickname",
    `<iq from='user@client/resource' id='s2c1' to='room@service/nick' type='get'><ping xmlns='${NS_PING}'/></iq>`,
    NS_PING,
    (iq) => iq.payload?.ns,
    buildPing,
  ),
  inIq(
    "§4 a service that answers by itself",
    `<iq from='room@service' id='v' to='user@client/resource' type='result'>
      <query xmlns='http://jabber.org/protocol/disco#info'><feature var='${NS_SELF_PING}'/></query>
    </iq>`,
    true,
    (iq) => iq.payload?.childrenNamed("feature").some((each) => each.attr("var") === NS_SELF_PING),
    undefined,
  ),
  answer("§3.2 in the room", undefined, "in"),
  answer("§3.2 in the room, though pings are not answered there", "service-unavailable", "in"),
  answer("§3.2 in the room, though nothing of the kind is", "feature-not-implemented", "in"),
  answer("§3.2 not in the room", "not-acceptable", "out"),
  answer("§3.2 under another nickname", "item-not-found", "out"),
  answer("§3.2 out of reach", "remote-server-not-found", "unknown"),
  answer("§3.2 out of reach for now", "remote-server-timeout", "unknown"),
);
