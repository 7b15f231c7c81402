import { type Element, Jid } from "../../../src/stanza/index.ts";
import { buildDirectInvitation, type Invitation, readInvitation } from "../../../src/xep/index.ts";
import { type Golden, goldens, inMessage } from "../golden.ts";

function example(
  title: string,
  attrs: string,
  value: Partial<Invitation>,
  build: ((invitation: Invitation) => Element) | undefined,
): Golden {
  return inMessage<Invitation>(
    title,
    `<message from='crone1@shakespeare.lit/desktop' to='hecate@shakespeare.lit'>
      <x xmlns='jabber:x:conference' jid='darkcave@macbeth.shakespeare.lit' ${attrs}/>
    </message>`,
    {
      room: Jid.parse("darkcave@macbeth.shakespeare.lit"),
      from: Jid.parse("crone1@shakespeare.lit/desktop"),
      reason: undefined,
      password: undefined,
      mediated: false,
      ...value,
    },
    readInvitation,
    build,
  );
}

export default goldens(
  "0249",
  example(
    "§2 an invitation",
    "password='cauldronburn' reason='Hey Hecate, this is the place for all good witches!'",
    { password: "cauldronburn", reason: "Hey Hecate, this is the place for all good witches!" },
    ({ room, reason, password }) => buildDirectInvitation(room, { reason, password }),
  ),
  example(
    "§2 an invitation to go on with a chat in a room",
    "continue='true' password='cauldronburn' reason='Hey Hecate, this is the place for all good witches!' thread='e0ffe42b28561960c6b12b944a092794b9683a38'",
    { password: "cauldronburn", reason: "Hey Hecate, this is the place for all good witches!" },
    // A bot asks nobody to go on with a chat.
    undefined,
  ),
);
