import { Jid } from "../../../src/stanza/index.ts";
import {
  buildQuotation,
  buildReplyTo,
  type ReplyTo,
  readReplyTo,
  readUnquoted,
} from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0461",
  inMessage<ReplyTo>(
    "§3 a reply",
    `<message to='anna@example.com' id='message-id2' type='chat'>
      <body>Great idea!</body>
      <reply to='anna@example.com/tablet' id='message-id1' xmlns='urn:xmpp:reply:0'/>
    </message>`,
    { id: "message-id1", jid: Jid.parse("anna@example.com/tablet") },
    readReplyTo,
    buildReplyTo,
  ),
  inMessage(
    "§3.1 a reply with a quotation",
    `<message to='anna@example.com' id='message-id3' type='chat'>
      <body>&gt; Anna wrote:&#10;&gt; We should bake a cake&#10;Great idea!</body>
      <reply to='anna@example.com/laptop' id='message-id1' xmlns='urn:xmpp:reply:0'/>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>
        <body start='0' end='38'/>
      </fallback>
    </message>`,
    { id: "message-id1", jid: Jid.parse("anna@example.com/laptop"), said: "Great idea!" },
    (message) => {
      const replyTo = readReplyTo(message);
      return replyTo && { ...replyTo, said: readUnquoted(message) ?? "" };
    },
    ({ said, ...replyTo }) => [
      buildReplyTo(replyTo),
      ...buildQuotation("Anna wrote:\nWe should bake a cake", said),
    ],
  ),
);
