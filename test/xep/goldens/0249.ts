import { Jid } from "../../../src/stanza/index.ts";
import { buildDirectInvitation, type Invitation, readInvitation } from "../../../src/xep/index.ts";
import { type Golden, goldens, inMessage } from "../golden.ts";

function example(title: string, attrs: string, value: Partial<Invitation>): Golden {
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
    ({ room, ...options }) => buildDirectInvitation(room, options),
  );
}

export default goldens(
  "0249",
  example(
    "§2 an invitation",
    "password='cauldronburn' reason='Hey Hecate, this is the place for all good witches!'",
    { password: "cauldronburn", reason: "Hey Hecate, this is the place for all good witches!" },
  ),
  example(
    "§2 an invitation to go on with a chat in a room",
    "continue='true' password='cauldronburn' reason='Hey Hecate, this is the place for all good witches!' thread='e0ffe42b28561960c6b12b944a092794b9683a38'",
    {
      password: "cauldronburn",
      reason: "Hey Hecate, this is the place for all good witches!",
      continues: { thread: "e0ffe42b28561960c6b12b944a092794b9683a38" },
    },
  ),
);
