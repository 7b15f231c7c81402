import { buildChatState, type ChatState, readChatState } from "../../../src/xep/index.ts";
import { type Golden, goldens, inMessage } from "../golden.ts";

function example(title: string, state: ChatState, xml: string): Golden {
  return inMessage(title, xml, state, readChatState, buildChatState);
}

const alone = (
  state: ChatState,
): string => `<message from='juliet@capulet.com/balcony' to='romeo@shakespeare.lit/orchard' type='chat'>
  <thread>act2scene2chat1</thread>
  <${state} xmlns='http://jabber.org/protocol/chatstates'/>
</message>`;

export default goldens(
  "0085",
  example(
    "§6 with a body",
    "active",
    `<message from='bernardo@shakespeare.lit/pda' to='francisco@shakespeare.lit' type='chat'>
      <body>Who's there?</body>
      <active xmlns='http://jabber.org/protocol/chatstates'/>
    </message>`,
  ),
  example("§7 typing", "composing", alone("composing")),
  example("§7 a pause", "paused", alone("paused")),
  example("§7 elsewhere", "inactive", alone("inactive")),
  example("§7 back", "active", alone("active")),
  example("§7 gone", "gone", alone("gone")),
);
