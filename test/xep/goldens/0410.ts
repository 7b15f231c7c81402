import { StanzaError } from "../../../src/stanza/index.ts";
import {
  type Attendance,
  buildDiscoInfo,
  buildPing,
  NS_PING,
  NS_SELF_PING,
  readDiscoInfo,
  readSelfPing,
} from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

export default goldens(
  "0410",
  inIq(
    "§3.2 a ping to one's own nickname",
    `<iq from='juliet@capulet.lit/client' id='s2c1' type='get' to='characters@chat.shakespeare.lit/JuliC'><ping xmlns='${NS_PING}'/></iq>`,
    NS_PING,
    (iq) => iq.payload?.ns,
    buildPing,
  ),
  inIq(
    "§3.3 a service that answers by itself",
    `<iq from='darkcave@chat.shakespeare.lit' id='v' to='juliet@capulet.lit/client' type='result'>
      <query xmlns='http://jabber.org/protocol/disco#info'><feature var='${NS_SELF_PING}'/></query>
    </iq>`,
    [NS_SELF_PING],
    ({ payload }) => payload && [...readDiscoInfo(payload).features],
    (features) => buildDiscoInfo([], features),
  ),
  inIq<{ readonly by: string | undefined; readonly attendance: Attendance }>(
    "§3.2 not in the room",
    `<iq from='characters@chat.shakespeare.lit/JuliC' id='s2c1' type='error' to='juliet@capulet.lit/client'>
      <error type='cancel' by='characters@chat.shakespeare.lit'>
        <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
      </error>
    </iq>`,
    { by: "characters@chat.shakespeare.lit", attendance: "out" },
    ({ error }) => ({ by: error?.by, attendance: readSelfPing(error) }),
    // It is an error as any other: there is nothing of this extension in it.
    ({ by }) => new StanzaError("not-acceptable", { type: "cancel", by }).toElement(),
  ),
);
