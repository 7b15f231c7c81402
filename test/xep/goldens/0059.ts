import type { Element } from "../../../src/stanza/index.ts";
import {
  buildPageInfo,
  buildPageRequest,
  type PageInfo,
  type PageRequest,
  readPageInfo,
  readPageRequest,
} from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const query = (inside: string): string => `<query xmlns='jabber:iq:search'>${inside}</query>`;

const asked = (title: string, inside: string, value: PageRequest) =>
  inElement(
    title,
    query(`<nick>Pete</nick><set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`),
    value,
    (element: Element) => readPageRequest(element),
    (page) => [buildPageRequest(page)].filter((set) => set !== undefined),
  );

const told = (title: string, items: string, inside: string, value: PageInfo) =>
  inElement(
    title,
    query(`${items}<set xmlns='http://jabber.org/protocol/rsm'>${inside}</set>`),
    value,
    (element: Element) => readPageInfo(element),
    (page) => [buildPageInfo(page)],
  );

const nothing = { first: undefined, last: undefined, index: undefined, count: undefined };

export default goldens(
  "0059",
  asked("§2.1 a limit", "<max>10</max>", { max: 10 }),
  asked("§2.2 the page after an item", "<max>10</max><after>peterpan@neverland.lit</after>", {
    max: 10,
    after: "peterpan@neverland.lit",
  }),
  asked("§2.3 the page before an item", "<max>10</max><before>peter@pixyland.org</before>", {
    max: 10,
    before: "peter@pixyland.org",
  }),
  asked("§2.5 the last page", "<max>10</max><before/>", { max: 10, before: "" }),
  asked("§2.6 a page out of order", "<max>10</max><index>371</index>", { max: 10, index: 371 }),
  asked("§2.7 how many there are", "<max>0</max>", { max: 0 }),
  told(
    "§2.2 the first page",
    `<item jid='stpeter@jabber.org'>
      <first>Peter</first>
      <last>Saint-Andre</last>
      <nick>Pete</nick>
    </item>
    <item jid='peterpan@neverland.lit'>
      <first>Peter</first>
      <last>Pan</last>
      <nick>Pete</nick>
    </item>`,
    "<first index='0'>stpeter@jabber.org</first><last>peterpan@neverland.lit</last><count>800</count>",
    { first: "stpeter@jabber.org", last: "peterpan@neverland.lit", index: 0, count: 800 },
  ),
  told("§2.2 nothing after the last", "", "<count>790</count>", { ...nothing, count: 790 }),
);
