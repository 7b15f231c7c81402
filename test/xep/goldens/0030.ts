import type { Iq } from "../../../src/stanza/index.ts";
import {
  buildDiscoInfo,
  buildDiscoItems,
  type DiscoIdentity,
  type DiscoItem,
  readDiscoInfo,
  readDiscoItems,
} from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

const info = (
  title: string,
  inside: string,
  identities: readonly DiscoIdentity[],
  features: readonly string[],
) =>
  inIq(
    title,
    `<iq type='result' from='plays.shakespeare.lit' to='romeo@montague.net/orchard' id='info1'>
      <query xmlns='http://jabber.org/protocol/disco#info'>${inside}</query>
    </iq>`,
    { identities, features: new Set(features), forms: [] },
    ({ payload }: Iq) => payload && readDiscoInfo(payload),
    (what) => [buildDiscoInfo(what.identities, what.features)],
  );

const items = (title: string, inside: string, value: readonly DiscoItem[], node?: string) =>
  inIq(
    title,
    `<iq type='result' from='catalog.shakespeare.lit' to='romeo@montague.net/orchard' id='items2'>
      <query xmlns='http://jabber.org/protocol/disco#items'${node === undefined ? "" : ` node='${node}'`}>${inside}</query>
    </iq>`,
    value,
    ({ payload }: Iq) => payload && readDiscoItems(payload),
    (beneath) => [buildDiscoItems(beneath, node)],
  );

export default goldens(
  "0030",
  info(
    "§3.1 what a service is and can do",
    `<identity category='conference' type='text' name='Play-Specific Chatrooms'/>
    <identity category='directory' type='chatroom' name='Play-Specific Chatrooms'/>
    <feature var='http://jabber.org/protocol/disco#info'/>
    <feature var='http://jabber.org/protocol/disco#items'/>
    <feature var='http://jabber.org/protocol/muc'/>
    <feature var='jabber:iq:register'/>
    <feature var='jabber:iq:search'/>
    <feature var='jabber:iq:time'/>
    <feature var='jabber:iq:version'/>`,
    [
      { category: "conference", type: "text", name: "Play-Specific Chatrooms" },
      { category: "directory", type: "chatroom", name: "Play-Specific Chatrooms" },
    ],
    [
      "http://jabber.org/protocol/disco#info",
      "http://jabber.org/protocol/disco#items",
      "http://jabber.org/protocol/muc",
      "jabber:iq:register",
      "jabber:iq:search",
      "jabber:iq:time",
      "jabber:iq:version",
    ],
  ),
  info(
    "§3.1 what a server says of an account",
    `<identity category='account' type='registered'/>
    <feature var='http://jabber.org/protocol/disco#info'/>`,
    [{ category: "account", type: "registered" }],
    ["http://jabber.org/protocol/disco#info"],
  ),
  info(
    "§3.1 what a device is and can do",
    `<identity category='client' type='pc' name='Gabber'/>
    <feature var='http://jabber.org/protocol/disco#info'/>
    <feature var='jabber:iq:time'/>
    <feature var='jabber:iq:version'/>`,
    [{ category: "client", type: "pc", name: "Gabber" }],
    ["http://jabber.org/protocol/disco#info", "jabber:iq:time", "jabber:iq:version"],
  ),
  items(
    "§4.1 what is beneath a service",
    `<item jid='people.shakespeare.lit' name='Directory of Characters'/>
    <item jid='plays.shakespeare.lit' name='Play-Specific Chatrooms'/>
    <item jid='mim.shakespeare.lit' name='Gateway to Marlowe IM'/>
    <item jid='words.shakespeare.lit' name='Shakespearean Lexicon'/>
    <item jid='globe.shakespeare.lit' name='Calendar of Performances'/>
    <item jid='headlines.shakespeare.lit' name='Latest Shakespearean News'/>
    <item jid='catalog.shakespeare.lit' name='Buy Shakespeare Stuff!'/>
    <item jid='en2fr.shakespeare.lit' name='French Translation Service'/>`,
    [
      { jid: "people.shakespeare.lit", name: "Directory of Characters" },
      { jid: "plays.shakespeare.lit", name: "Play-Specific Chatrooms" },
      { jid: "mim.shakespeare.lit", name: "Gateway to Marlowe IM" },
      { jid: "words.shakespeare.lit", name: "Shakespearean Lexicon" },
      { jid: "globe.shakespeare.lit", name: "Calendar of Performances" },
      { jid: "headlines.shakespeare.lit", name: "Latest Shakespearean News" },
      { jid: "catalog.shakespeare.lit", name: "Buy Shakespeare Stuff!" },
      { jid: "en2fr.shakespeare.lit", name: "French Translation Service" },
    ],
  ),
  items(
    "§4.2 nodes beneath a service",
    `<item jid='catalog.shakespeare.lit' node='books' name='Books by and about Shakespeare'/>
    <item jid='catalog.shakespeare.lit' node='clothing' name='Wear your literary taste with pride'/>
    <item jid='catalog.shakespeare.lit' node='music' name='Music from the time of Shakespeare'/>`,
    [
      { jid: "catalog.shakespeare.lit", node: "books", name: "Books by and about Shakespeare" },
      { jid: "catalog.shakespeare.lit", node: "clothing", name: "Wear your literary taste with pride" },
      { jid: "catalog.shakespeare.lit", node: "music", name: "Music from the time of Shakespeare" },
    ],
  ),
  items(
    "§4.2 what is beneath a node",
    `<item jid='catalog.shakespeare.lit' node='music/A'/>
    <item jid='catalog.shakespeare.lit' node='music/B'/>
    <item jid='catalog.shakespeare.lit' node='music/C'/>
    <item jid='catalog.shakespeare.lit' node='music/D'/>`,
    [
      { jid: "catalog.shakespeare.lit", node: "music/A" },
      { jid: "catalog.shakespeare.lit", node: "music/B" },
      { jid: "catalog.shakespeare.lit", node: "music/C" },
      { jid: "catalog.shakespeare.lit", node: "music/D" },
    ],
    "music",
  ),
);
