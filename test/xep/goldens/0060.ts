import { type Element, el, type StanzaError, toStanza } from "../../../src/stanza/index.ts";
import {
  buildAffiliations,
  buildAffiliationsRequest,
  buildCreateNode,
  buildDeleteNode,
  buildItems,
  buildItemsRequest,
  buildNodeAffiliations,
  buildNodeConfiguration,
  buildNodeConfigurationRequest,
  buildNodeSubscriptions,
  buildPublish,
  buildPubSubEvent,
  buildPubSubRefusal,
  buildPurgeNode,
  buildRetractItems,
  buildSubscribe,
  buildSubscription,
  buildSubscriptionIds,
  buildSubscriptions,
  buildSubscriptionsRequest,
  buildUnsubscribe,
  type PubSubEvent,
  type PubSubRefusal,
  readItemsPage,
  readNodeAffiliations,
  readPublished,
  readPubSubEvent,
  readPubSubRefusal,
  readSubscription,
  readSubscriptionIds,
  readSubscriptions,
} from "../../../src/xep/index.ts";
import { goldens, inElement, inMessage } from "../golden.ts";

const NODE = "princely_musings";
const LINK = "http://denmark.lit/2003/12/13/atom03";

/** A thought of Hamlet's, as XML and read. */
function entry(title: string, number: number, at: string, summary: string): readonly [string, Element] {
  const id = `tag:denmark.lit,2003:entry-${number}`;
  return [
    `<entry xmlns='http://www.w3.org/2005/Atom'>
      <title>${title}</title>
      <summary>${summary}</summary>
      <link rel='alternate' type='text/html' href='${LINK}'/>
      <id>${id}</id>
      <published>${at}</published>
      <updated>${at}</updated>
    </entry>`,
    el(
      "entry",
      { xmlns: "http://www.w3.org/2005/Atom" },
      el("title", {}, title),
      el("summary", {}, summary),
      el("link", { rel: "alternate", type: "text/html", href: LINK }),
      el("id", {}, id),
      el("published", {}, at),
      el("updated", {}, at),
    ),
  ];
}

const [USES, uses] = entry(
  "The Uses of This World",
  32396,
  "2003-12-12T17:47:23Z",
  "O, that this too too solid flesh would melt Thaw and resolve itself into a dew!",
);
const [GHOSTLY, ghostly] = entry(
  "Ghostly Encounters",
  32396,
  "2003-12-12T23:21:34Z",
  "O all you host of heaven! O earth! what else? And shall I couple hell? O, fie! Hold, hold, my heart; And you, my sinews, grow not instant old, But bear me stiffly up. Remember thee!",
);
const [ALONE, alone] = entry(
  "Alone",
  32396,
  "2003-12-13T11:09:53Z",
  "Now I am alone. O, what a rogue and peasant slave am I!",
);
const [SOLILOQUY, soliloquy] = entry(
  "Soliloquy",
  32397,
  "2003-12-13T18:30:02Z",
  "To be, or not to be: that is the question: Whether 'tis nobler in the mind to suffer The slings and arrows of outrageous fortune, Or to take arms against a sea of troubles, And by opposing end them?",
);

/** The configuration that the examples submit, but for the access model. */
const BEFORE_ACCESS = {
  "pubsub#title": "Princely Musings (Atom)",
  "pubsub#deliver_notifications": "1",
  "pubsub#deliver_payloads": "1",
  "pubsub#persist_items": "1",
  "pubsub#max_items": "10",
  "pubsub#item_expire": "604800",
};
const AFTER_ACCESS = {
  "pubsub#publish_model": "publishers",
  "pubsub#purge_offline": "0",
  "pubsub#send_last_published_item": "never",
  "pubsub#presence_based_delivery": "false",
  "pubsub#notification_type": "headline",
  "pubsub#notify_config": "0",
  "pubsub#notify_delete": "0",
  "pubsub#notify_retract": "0",
  "pubsub#notify_sub": "0",
  "pubsub#max_payload_size": "1028",
  "pubsub#type": "urn:example:e2ee:bundle",
  "pubsub#body_xslt": "http://jabxslt.jabberstudio.org/atom_body.xslt",
};
const fieldsOf = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`)
    .join("");

const pubsub = (inside: string, ns = "") =>
  `<pubsub xmlns='http://jabber.org/protocol/pubsub${ns}'>${inside}</pubsub>`;
const submit = (type: string, fields: string) =>
  `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#${type}</value></field>${fields}</x>`;

/** What is asked: built from what it is made of, which nobody reads. */
const asked = (title: string, inside: string, build: () => Element, ns = "") =>
  inElement(title, pubsub(inside, ns), {}, () => ({}), build);

/** What a service answers. */
const told = <Value>(
  title: string,
  inside: string,
  value: Value,
  read: (pubsub: Element) => Value,
  build: (value: Value) => Element,
  ns = "",
) => inElement(title, pubsub(inside, ns), value, read, build);

const event = (title: string, inside: string, value: PubSubEvent) =>
  inMessage(
    title,
    `<message from='pubsub.shakespeare.lit' to='francisco@denmark.lit' id='foo'>
      <event xmlns='http://jabber.org/protocol/pubsub#event'>${inside}</event>
    </message>`,
    value,
    readPubSubEvent,
    (happened) => [buildPubSubEvent(happened)],
  );

const refusal = (title: string, inside: string, value: PubSubRefusal) =>
  inElement(
    title,
    inside,
    value,
    (error) =>
      readPubSubRefusal(toStanza(el("iq", { type: "error", id: "sub1" }, error)).error as StanzaError),
    (what) => buildPubSubRefusal(what).toElement(),
  );

const subscription = (jid: string, node: string | undefined = NODE, subId?: string) => ({
  node,
  jid,
  state: "subscribed" as const,
  subId,
  expiry: undefined,
});

export default goldens(
  "0060",
  asked("§5.6 all subscriptions", "<subscriptions/>", () => buildSubscriptionsRequest()),
  asked("§5.6 the subscriptions to a node", `<subscriptions node='${NODE}'/>`, () =>
    buildSubscriptionsRequest(NODE),
  ),
  told(
    "§5.6 which there are",
    `<subscriptions>
      <subscription node='node1' jid='francisco@denmark.lit' subscription='subscribed'/>
      <subscription node='node2' jid='francisco@denmark.lit' subscription='subscribed'/>
      <subscription node='node5' jid='francisco@denmark.lit' subscription='unconfigured'/>
      <subscription node='node6' jid='francisco@denmark.lit' subscription='subscribed' subid='123-abc'/>
      <subscription node='node6' jid='francisco@denmark.lit' subscription='subscribed' subid='004-yyy'/>
    </subscriptions>`,
    [
      subscription("francisco@denmark.lit", "node1"),
      subscription("francisco@denmark.lit", "node2"),
      { ...subscription("francisco@denmark.lit", "node5"), state: "unconfigured" as const },
      subscription("francisco@denmark.lit", "node6", "123-abc"),
      subscription("francisco@denmark.lit", "node6", "004-yyy"),
    ],
    readSubscriptions,
    buildSubscriptions,
  ),
  asked("§5.7 all affiliations", "<affiliations/>", () => buildAffiliationsRequest()),
  told(
    "§5.7 which there are",
    "<affiliations><affiliation node='node1' affiliation='owner'/><affiliation node='node2' affiliation='publisher'/><affiliation node='node5' affiliation='outcast'/><affiliation node='node6' affiliation='owner'/></affiliations>",
    [
      { node: "node1", jid: undefined, affiliation: "owner" as const },
      { node: "node2", jid: undefined, affiliation: "publisher" as const },
      { node: "node5", jid: undefined, affiliation: "outcast" as const },
      { node: "node6", jid: undefined, affiliation: "owner" as const },
    ],
    readNodeAffiliations,
    buildAffiliations,
  ),
  asked("§6.1.1 subscribing", `<subscribe node='${NODE}' jid='francisco@denmark.lit'/>`, () =>
    buildSubscribe(NODE, "francisco@denmark.lit"),
  ),
  told(
    "§6.1.2 subscribed",
    `<subscription node='${NODE}' jid='francisco@denmark.lit' subid='ba49252aaa4f5d320c24d3766f0bdcade78c78d3' subscription='subscribed'/>`,
    subscription("francisco@denmark.lit", NODE, "ba49252aaa4f5d320c24d3766f0bdcade78c78d3"),
    (element) => readSubscription(element) as ReturnType<typeof subscription>,
    buildSubscription,
  ),
  asked("§6.2.1 ending a subscription", `<unsubscribe node='${NODE}' jid='francisco@denmark.lit'/>`, () =>
    buildUnsubscribe(NODE, "francisco@denmark.lit"),
  ),
  asked(
    "§6.3.7 subscribing with options",
    `<subscribe node='${NODE}' jid='francisco@denmark.lit'/><options>${submit(
      "subscribe_options",
      "<field var='pubsub#deliver'><value>1</value></field><field var='pubsub#digest'><value>0</value></field><field var='pubsub#include_body'><value>false</value></field><field var='pubsub#show-values'><value>chat</value><value>online</value><value>away</value></field>",
    )}</options>`,
    () =>
      buildSubscribe(NODE, "francisco@denmark.lit", {
        "pubsub#deliver": "1",
        "pubsub#digest": "0",
        "pubsub#include_body": "false",
        "pubsub#show-values": ["chat", "online", "away"],
      }),
  ),
  asked("§6.5.2 all items", `<items node='${NODE}'/>`, () => buildItemsRequest({ node: NODE })),
  told(
    "§6.5.4 a page",
    `<items node='${NODE}'>
      <item id='368866411b877c30064a5f62b917cffe'>${USES}</item>
      <item id='3300659945416e274474e469a1f0154c'>${GHOSTLY}</item>
      <item id='4e30f35051b7b8b42abe083742187228'>${ALONE}</item>
    </items>
    <set xmlns='http://jabber.org/protocol/rsm'><first index='0'>368866411b877c30064a5f62b917cffe</first><last>4e30f35051b7b8b42abe083742187228</last><count>19</count></set>`,
    {
      items: [
        { id: "368866411b877c30064a5f62b917cffe", payload: uses, publisher: undefined },
        { id: "3300659945416e274474e469a1f0154c", payload: ghostly, publisher: undefined },
        { id: "4e30f35051b7b8b42abe083742187228", payload: alone, publisher: undefined },
      ],
      page: {
        first: "368866411b877c30064a5f62b917cffe",
        last: "4e30f35051b7b8b42abe083742187228",
        index: 0,
        count: 19,
      },
    },
    readItemsPage,
    ({ items, page }) => buildItems(NODE, items, page),
  ),
  asked("§6.5.7 the last two items", `<items node='${NODE}' max_items='2'/>`, () =>
    buildItemsRequest({ node: NODE, last: 2 }),
  ),
  asked(
    "§6.5.8 one item",
    `<items node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'/></items>`,
    () => buildItemsRequest({ node: NODE, ids: ["ae890ac52d0df67ed7cfdf51b644e901"] }),
  ),
  asked(
    "§7.1.1 publishing",
    `<publish node='${NODE}'><item id='bnd81g37d61f49fgn581'>${SOLILOQUY}</item></publish>`,
    () => buildPublish(NODE, [{ id: "bnd81g37d61f49fgn581", payload: soliloquy }]),
  ),
  told(
    "§7.1.2 published",
    `<publish node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'/></publish>`,
    ["ae890ac52d0df67ed7cfdf51b644e901"],
    readPublished,
    (ids) =>
      buildPublish(
        NODE,
        ids.map((id) => ({ id })),
      ),
  ),
  asked(
    "§7.1.5 publishing with options",
    `<publish node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'>${SOLILOQUY}</item></publish>
    <publish-options>${submit("publish-options", "<field var='pubsub#access_model'><value>presence</value></field>")}</publish-options>`,
    () =>
      buildPublish(NODE, [{ id: "ae890ac52d0df67ed7cfdf51b644e901", payload: soliloquy }], {
        "pubsub#access_model": "presence",
      }),
  ),
  asked(
    "§7.2.1 taking an item back",
    `<retract node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'/></retract>`,
    () => buildRetractItems(NODE, ["ae890ac52d0df67ed7cfdf51b644e901"]),
  ),
  asked(
    "XEP-0402 §3.5 telling the subscribers",
    "<retract node='urn:xmpp:bookmarks:1' notify='true'><item id='theplay@conference.shakespeare.lit'/></retract>",
    () => buildRetractItems("urn:xmpp:bookmarks:1", ["theplay@conference.shakespeare.lit"], true),
  ),
  asked("§8.1.1 making a node", `<create node='${NODE}'/>`, () => buildCreateNode(NODE)),
  asked("§8.1.1 making a node that the service names", "<create/>", () => buildCreateNode(undefined)),
  asked(
    "§8.1.3 making a node and configuring it",
    `<create node='${NODE}'/><configure>${submit(
      "node_config",
      `${fieldsOf(BEFORE_ACCESS)}<field var='pubsub#access_model'><value>open</value></field>${fieldsOf(AFTER_ACCESS)}`,
    )}</configure>`,
    () => buildCreateNode(NODE, { ...BEFORE_ACCESS, "pubsub#access_model": "open", ...AFTER_ACCESS }),
  ),
  asked(
    "§8.2.1 asking for the configuration",
    `<configure node='${NODE}'/>`,
    () => buildNodeConfigurationRequest(NODE),
    "#owner",
  ),
  asked(
    "§8.2.4 configuring",
    `<configure node='${NODE}'>${submit(
      "node_config",
      `${fieldsOf(BEFORE_ACCESS)}<field var='pubsub#access_model'><value>roster</value></field>
      <field var='pubsub#roster_groups_allowed'><value>friends</value><value>servants</value><value>courtiers</value></field>${fieldsOf(AFTER_ACCESS)}`,
    )}</configure>`,
    () =>
      buildNodeConfiguration(NODE, {
        ...BEFORE_ACCESS,
        "pubsub#access_model": "roster",
        "pubsub#roster_groups_allowed": ["friends", "servants", "courtiers"],
        ...AFTER_ACCESS,
      }),
    "#owner",
  ),
  asked("§8.4.1 deleting", `<delete node='${NODE}'/>`, () => buildDeleteNode(NODE), "#owner"),
  asked(
    "§8.4.1 deleting, and where to go",
    `<delete node='${NODE}'><redirect uri='xmpp:hamlet@denmark.lit?;node=blog'/></delete>`,
    () => buildDeleteNode(NODE, "xmpp:hamlet@denmark.lit?;node=blog"),
    "#owner",
  ),
  asked("§8.5.1 taking everything back", `<purge node='${NODE}'/>`, () => buildPurgeNode(NODE), "#owner"),
  told(
    "§8.8.1.2 who has subscribed",
    `<subscriptions node='${NODE}'>
      <subscription jid='hamlet@denmark.lit' subscription='subscribed'/>
      <subscription jid='polonius@denmark.lit' subscription='unconfigured'/>
      <subscription jid='bernardo@denmark.lit' subscription='subscribed' subid='123-abc'/>
      <subscription jid='bernardo@denmark.lit' subscription='subscribed' subid='004-yyy'/>
    </subscriptions>`,
    [
      subscription("hamlet@denmark.lit"),
      { ...subscription("polonius@denmark.lit"), state: "unconfigured" as const },
      subscription("bernardo@denmark.lit", NODE, "123-abc"),
      subscription("bernardo@denmark.lit", NODE, "004-yyy"),
    ],
    readSubscriptions,
    (subscriptions) =>
      buildNodeSubscriptions(
        NODE,
        subscriptions.map(({ jid, state, subId }) => [jid, state, subId]),
      ),
    "#owner",
  ),
  asked(
    "§8.8.2.4 changing who has subscribed",
    `<subscriptions node='${NODE}'><subscription jid='polonius@denmark.lit' subscription='none'/><subscription jid='bard@shakespeare.lit' subscription='subscribed'/></subscriptions>`,
    () =>
      buildNodeSubscriptions(NODE, [
        ["polonius@denmark.lit", "none"],
        ["bard@shakespeare.lit", "subscribed"],
      ]),
    "#owner",
  ),
  asked(
    "§8.9.2.4 changing who may do what",
    `<affiliations node='${NODE}'><affiliation jid='hamlet@denmark.lit' affiliation='none'/><affiliation jid='polonius@denmark.lit' affiliation='none'/><affiliation jid='bard@shakespeare.lit' affiliation='publisher'/></affiliations>`,
    () =>
      buildNodeAffiliations(NODE, [
        ["hamlet@denmark.lit", "none"],
        ["polonius@denmark.lit", "none"],
        ["bard@shakespeare.lit", "publisher"],
      ]),
    "#owner",
  ),
  event(
    "§7.1.2.1 something was published",
    `<items node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'>${SOLILOQUY}</item></items>`,
    {
      type: "items",
      node: NODE,
      items: [{ id: "ae890ac52d0df67ed7cfdf51b644e901", payload: soliloquy, publisher: undefined }],
    },
  ),
  event(
    "§7.1.2.3 something was published, and by whom",
    `<items node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901' publisher='hamlet@denmark.lit'>${SOLILOQUY}</item></items>`,
    {
      type: "items",
      node: NODE,
      items: [
        { id: "ae890ac52d0df67ed7cfdf51b644e901", payload: soliloquy, publisher: "hamlet@denmark.lit" },
      ],
    },
  ),
  event(
    "§7.1.2.2 something was published, without what",
    `<items node='${NODE}'><item id='ae890ac52d0df67ed7cfdf51b644e901'/></items>`,
    {
      type: "items",
      node: NODE,
      items: [{ id: "ae890ac52d0df67ed7cfdf51b644e901", payload: undefined, publisher: undefined }],
    },
  ),
  event(
    "§7.2.2.1 something was taken back",
    `<items node='${NODE}'><retract id='ae890ac52d0df67ed7cfdf51b644e901'/></items>`,
    { type: "retract", node: NODE, ids: ["ae890ac52d0df67ed7cfdf51b644e901"] },
  ),
  event("§8.5.2 everything was taken back", `<purge node='${NODE}'/>`, { type: "purge", node: NODE }),
  event(
    "§8.4.2 the node is gone",
    `<delete node='${NODE}'><redirect uri='xmpp:hamlet@denmark.lit?;node=blog'/></delete>`,
    { type: "delete", node: NODE, redirect: "xmpp:hamlet@denmark.lit?;node=blog" },
  ),
  event("§8.2.5.3 the node is configured anew", `<configuration node='${NODE}'/>`, {
    type: "configuration",
    node: NODE,
    form: undefined,
  }),
  event(
    "§8.6 a subscription was approved",
    `<subscription node='${NODE}' jid='horatio@denmark.lit' subscription='subscribed'/>`,
    { type: "subscription", node: NODE, subscription: subscription("horatio@denmark.lit") },
  ),
  inMessage(
    "§7.1.2.4 by which subscriptions something comes",
    `<message to='francisco@denmark.lit' from='pubsub.shakespeare.lit'>
      <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='princely_musings'><item id='ae890ac52d0df67ed7cfdf51b644e901'/></items></event>
      <headers xmlns='http://jabber.org/protocol/shim'>
        <header name='SubID'>123-abc</header>
        <header name='SubID'>004-yyy</header>
      </headers>
    </message>`,
    ["123-abc", "004-yyy"],
    readSubscriptionIds,
    (ids) => [buildSubscriptionIds(ids)],
  ),
  refusal(
    "§6.1.3.10 what a service does not have",
    "<error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><unsupported xmlns='http://jabber.org/protocol/pubsub#errors' feature='subscribe'/></error>",
    { reason: "unsupported", feature: "subscribe" },
  ),
  refusal(
    "§6.1.3.2 a node for contacts alone",
    "<error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><presence-subscription-required xmlns='http://jabber.org/protocol/pubsub#errors'/></error>",
    { reason: "presence-subscription-required", feature: undefined },
  ),
  refusal(
    "§6.2.3.2 nobody that is subscribed",
    "<error type='cancel'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><not-subscribed xmlns='http://jabber.org/protocol/pubsub#errors'/></error>",
    { reason: "not-subscribed", feature: undefined },
  ),
);
