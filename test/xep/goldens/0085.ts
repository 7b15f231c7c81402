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
    "§5.1 with a body",
    "active",
    `<message from='bernardo@shakespeare.lit/pda' to='francisco@shakespeare.lit' type='chat'>
      <body>Who's there?</body>
      <active xmlns='http://jabber.org/protocol/chatstates'/>
    </message>`,
  ),
  example("§5.2 typing", "composing", alone("composing")),
  example("§6 a pause", "paused", alone("paused")),
  example("§6 elsewhere", "inactive", alone("inactive")),
  example("§6 back", "active", alone("active")),
  example("§6 gone", "gone", alone("gone")),
);
