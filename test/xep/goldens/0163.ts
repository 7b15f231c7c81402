import { el, type Iq } from "../../../src/stanza/index.ts";
import {
  buildItems,
  buildItemsRequest,
  buildPublish,
  buildPubSubEvent,
  readItemsPage,
  readPubSubEvent,
  readWantedItems,
  type WantedItems,
} from "../../../src/xep/index.ts";
import { goldens, inIq, inMessage } from "../golden.ts";

const wanted = (title: string, inside: string, value: WantedItems) =>
  inIq(
    title,
    `<iq type='get' from='romeo@montague.lit/home' to='juliet@capulet.lit' id='retrieve1'>
      <pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub>
    </iq>`,
    value,
    ({ payload }: Iq) => payload && readWantedItems(payload),
    (request) => [buildItemsRequest(request)],
  );

const NODE = "http://jabber.org/protocol/tune";
const TUNE = `<item>
  <tune xmlns='http://jabber.org/protocol/tune'>
    <artist>Gerald Finzi</artist>
    <length>255</length>
    <source>Music for "Love's Labors Lost" (Suite for small orchestra)</source>
    <title>Introduction (Allegro vigoroso)</title>
    <track>1</track>
  </tune>
</item>`;
const tune = el(
  "tune",
  { xmlns: "http://jabber.org/protocol/tune" },
  el("artist", {}, "Gerald Finzi"),
  el("length", {}, "255"),
  el("source", {}, `Music for "Love's Labors Lost" (Suite for small orchestra)`),
  el("title", {}, "Introduction (Allegro vigoroso)"),
  el("track", {}, "1"),
);
const heard = { id: undefined, payload: tune, publisher: undefined };
const AVATAR = "111f4b3c50d7b0df729d299bc6f8e9ef9066971f";

export default goldens(
  "0163",
  wanted(
    "XEP-0084 §3.4 one item",
    "<items node='urn:xmpp:avatar:data'><item id='111f4b3c50d7b0df729d299bc6f8e9ef9066971f'/></items>",
    { node: "urn:xmpp:avatar:data", ids: ["111f4b3c50d7b0df729d299bc6f8e9ef9066971f"], last: undefined },
  ),
  wanted("XEP-0292 §4.1.1 whatever there is", "<items node='urn:xmpp:vcard4'/>", {
    node: "urn:xmpp:vcard4",
    ids: [],
    last: undefined,
  }),
  wanted("XEP-0060 §6.5.7 the last two", "<items node='princely_musings' max_items='2'/>", {
    node: "princely_musings",
    ids: [],
    last: 2,
  }),
  inIq(
    "XEP-0084 §3.4 an item",
    `<iq type='result' from='juliet@capulet.lit' to='romeo@montague.lit/home' id='retrieve1'>
      <pubsub xmlns='http://jabber.org/protocol/pubsub'>
        <items node='urn:xmpp:avatar:data'>
          <item id='${AVATAR}'><data xmlns='urn:xmpp:avatar:data'>qANQR1DBwU4DX7jmYZnncm...</data></item>
        </items>
      </pubsub>
    </iq>`,
    [
      {
        id: AVATAR,
        payload: el("data", { xmlns: "urn:xmpp:avatar:data" }, "qANQR1DBwU4DX7jmYZnncm..."),
        publisher: undefined,
      },
    ],
    ({ payload }: Iq) => payload && [...readItemsPage(payload).items],
    (items) => [buildItems("urn:xmpp:avatar:data", items)],
  ),
  inIq(
    "§3 an item is published",
    `<iq from='juliet@capulet.lit/balcony' type='set' id='pub1'>
      <pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${NODE}'>${TUNE}</publish></pubsub>
    </iq>`,
    tune,
    ({ payload }: Iq) => payload?.child("publish")?.child("item")?.elements[0],
    (payload) => [buildPublish(NODE, [{ payload }])],
  ),
  inMessage(
    "§1.2 who is interested is told",
    `<message from='juliet@capulet.lit' to='romeo@montague.lit/orchard' type='headline' id='tunefoo1'>
      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${NODE}'>${TUNE}</items></event>
    </message>`,
    { type: "items" as const, node: NODE, items: [heard] },
    (message) => {
      const event = readPubSubEvent(message);
      return event?.type === "items" ? { ...event, items: [...event.items] } : undefined;
    },
    (event) => [buildPubSubEvent(event)],
  ),
);
