import type { Iq } from "../../../src/stanza/index.ts";
import { el } from "../../../src/stanza/index.ts";
import {
  buildItems,
  buildItemsRequest,
  readItemsPage,
  readWantedItems,
  type WantedItems,
} from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

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

const tune = el("tune", { xmlns: "http://jabber.org/protocol/tune" }, el("title", {}, "Nocturne"));

export default goldens(
  "0163",
  wanted(
    "XEP-0084 §3.4 one item",
    "<items node='urn:xmpp:avatar:data'><item id='111f4b3c50d7b0df729d299bc6f8e9ef9066971f'/></items>",
    { node: "urn:xmpp:avatar:data", ids: ["111f4b3c50d7b0df729d299bc6f8e9ef9066971f"], last: undefined },
  ),
  wanted("XEP-0292 §4.1 whatever there is", "<items node='urn:xmpp:vcard4'/>", {
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
    "§3.1 an item",
    `<iq type='result' from='juliet@capulet.lit' to='romeo@montague.lit/home' id='retrieve1'>
      <pubsub xmlns='http://jabber.org/protocol/pubsub'>
        <items node='http://jabber.org/protocol/tune'>
          <item id='bffe6584-0f9c-11dc-84ba-001143d5d5db'>
            <tune xmlns='http://jabber.org/protocol/tune'><title>Nocturne</title></tune>
          </item>
        </items>
      </pubsub>
    </iq>`,
    [{ id: "bffe6584-0f9c-11dc-84ba-001143d5d5db", payload: tune, publisher: undefined }],
    ({ payload }: Iq) => payload && [...readItemsPage(payload).items],
    (items) => [buildItems("http://jabber.org/protocol/tune", items)],
  ),
);
