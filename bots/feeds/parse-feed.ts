import { XMLParser } from "fast-xml-parser";

/** Something that a feed tells. */
export type Item = {
  /** By what the feed knows it. */
  readonly id: string;
  readonly title: string;
  /** Where to read it. */
  readonly link: string | null;
};

/** A feed, as far as people are told of it. */
export type Feed = {
  readonly title: string;
  /** As the feed has them: mostly the newest first. */
  readonly items: readonly Item[];
};

/** How many items of a feed are looked at. */
export const MOST_ITEMS = 100;

const LONGEST_TITLE = 200;
const LONGEST_LINK = 1_000;

type Tree = { readonly [name: string]: unknown };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  htmlEntities: true,
  isArray: (name) => ["item", "entry", "link"].includes(name),
});

/**
 * Reads RSS 2.0, RSS 1.0 or Atom (RFC 4287).
 *
 * @param base what relative links are relative to.
 * @returns `undefined` where it is none of these.
 */
export function parseFeed(xml: string, base: URL): Feed | undefined {
  let tree: Tree;
  try {
    tree = parser.parse(xml) as Tree;
  } catch {
    return undefined;
  }
  const { rss, feed, "rdf:RDF": rdf } = tree;
  const channel = isTree(rss) ? rss["channel"] : isTree(rdf) ? rdf["channel"] : feed;
  if (!isTree(channel)) return undefined;
  const items = isTree(rdf) ? rdf["item"] : (channel["item"] ?? channel["entry"]);
  const found = Array.isArray(items) ? items.filter(isTree).slice(0, MOST_ITEMS) : [];
  return {
    title: wordsOf(channel["title"]) || base.hostname,
    items: found.flatMap((item) => {
      const link = linkOf(item["link"], base);
      const title = wordsOf(item["title"]) || wordsOf(item["description"] ?? item["summary"]);
      const id = textOf(item["guid"]) || textOf(item["id"]) || link || title;
      return id === "" ? [] : [{ id, title: title || (link ?? id.slice(0, LONGEST_TITLE)), link }];
    }),
  };
}

function linkOf(links: unknown, base: URL): string | null {
  const all = (Array.isArray(links) ? links : []) as readonly unknown[];
  const alternate = all.find(
    (link) => !isTree(link) || ["alternate", undefined].includes(link["@rel"] as string),
  );
  const address =
    isTree(alternate) && alternate["@href"] !== undefined ? String(alternate["@href"]) : textOf(alternate);
  if (address === "" || address.length > LONGEST_LINK || !URL.canParse(address, base.href)) return null;
  const url = new URL(address, base);
  return /^https?:$/.test(url.protocol) ? url.href : null;
}

/** The words of an element, without markup, in a line. */
function wordsOf(value: unknown): string {
  const words = textOf(value)
    .slice(0, 10 * LONGEST_TITLE)
    .replace(/<[^>]*>/g, " ")
    .replace(/&(?:#(\d{1,6})|(amp|lt|gt|quot|apos|nbsp));/g, (_, code?: string, name?: string) =>
      code === undefined ? (ENTITIES[name ?? ""] ?? "") : String.fromCodePoint(Number(code)),
    )
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\s]+/gu, " ")
    .trim();
  return words.length > LONGEST_TITLE ? `${words.slice(0, LONGEST_TITLE - 1)}…` : words;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  return isTree(value) ? textOf(value["#text"]) : "";
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}
