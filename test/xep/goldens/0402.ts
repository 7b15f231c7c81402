import { el, Jid } from "../../../src/stanza/index.ts";
import { type Bookmark, buildBookmarkItem, readBookmark } from "../../../src/xep/index.ts";
import { type Golden, goldens, inElement } from "../golden.ts";

const NS_PUBSUB = "http://jabber.org/protocol/pubsub";

function example(title: string, xml: string, value: Bookmark): Golden {
  return inElement(title, xml, value, readBookmark, (bookmark) =>
    buildBookmarkItem(bookmark).inNamespace(NS_PUBSUB),
  );
}

export default goldens(
  "0402",
  example(
    "§3.3 a bookmark",
    `<item id='theplay@conference.shakespeare.lit' xmlns='${NS_PUBSUB}'>
      <conference xmlns='urn:xmpp:bookmarks:1' name='The Play&apos;s the Thing' autojoin='true'>
        <nick>JC</nick>
      </conference>
    </item>`,
    {
      room: Jid.parse("theplay@conference.shakespeare.lit"),
      name: "The Play's the Thing",
      autojoin: true,
      nick: "JC",
    },
  ),
  example(
    "§3.4 a bookmark with what a client keeps in it",
    `<item id='orchard@conference.shakespeare.lit' xmlns='${NS_PUBSUB}'>
      <conference xmlns='urn:xmpp:bookmarks:1' name='The Orchard' autojoin='true'>
        <nick>JC</nick>
        <extensions>
          <state xmlns='http://myclient.example/bookmark/state' minimized='true'/>
        </extensions>
      </conference>
    </item>`,
    {
      room: Jid.parse("orchard@conference.shakespeare.lit"),
      name: "The Orchard",
      autojoin: true,
      nick: "JC",
      extensions: [el("state", { xmlns: "http://myclient.example/bookmark/state", minimized: true })],
    },
  ),
  example(
    "§2 next to nothing",
    `<item id='theplay@conference.shakespeare.lit' xmlns='${NS_PUBSUB}'>
      <conference xmlns='urn:xmpp:bookmarks:1'/>
    </item>`,
    { room: Jid.parse("theplay@conference.shakespeare.lit"), autojoin: false },
  ),
);
