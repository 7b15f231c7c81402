import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublic } from "./addresses.ts";
import { parseFeed } from "./parse-feed.ts";

const base = new URL("https://example.org/blog/feed");

test("reads Atom, with relative links and marked-up titles", () => {
  const xml = `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">A &amp;amp; B</title>
    <link href="/"/><link rel="self" href="feed"/>
    <entry><id>urn:1</id><title type="html">&lt;b&gt;Bold&lt;/b&gt; news</title>
      <link rel="enclosure" href="x.mp3"/><link href="one"/></entry>
    <entry><id>urn:2</id><title>Two</title><link rel="alternate" href="javascript:alert(1)"/></entry></feed>`;
  assert.deepEqual(parseFeed(xml, base), {
    title: "A & B",
    items: [
      { id: "urn:1", title: "Bold news", link: "https://example.org/blog/one" },
      { id: "urn:2", title: "Two", link: null },
    ],
  });
});

test("reads RSS 2.0 beside elements of Atom, with items that have no title or guid", () => {
  const xml = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title><![CDATA[News]]></title>
    <atom:link href="https://example.org/feed" rel="self"/><link>https://example.org/</link>
    <item><guid isPermaLink="false">7</guid><title>Seven</title><link>https://example.org/7</link></item>
    <item><description>Only &lt;i&gt;words&lt;/i&gt;</description></item></channel></rss>`;
  assert.deepEqual(parseFeed(xml, base), {
    title: "News",
    items: [
      { id: "7", title: "Seven", link: "https://example.org/7" },
      { id: "Only words", title: "Only words", link: null },
    ],
  });
});

test("reads RSS 1.0", () => {
  const xml = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <channel rdf:about="x"><title>Old</title></channel>
    <item rdf:about="y"><title>One</title><link>https://example.org/1</link></item></rdf:RDF>`;
  assert.deepEqual(parseFeed(xml, base), {
    title: "Old",
    items: [{ id: "https://example.org/1", title: "One", link: "https://example.org/1" }],
  });
});

test("reads hostile XML within bounds, or not at all", () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(1000)}">${Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY a${index} "${`&a${index === 0 ? "" : index - 1};`.repeat(10)}">`,
  ).join("")}]><rss><channel><title>&a8;</title></channel></rss>`;
  assert.ok((parseFeed(bomb, base)?.title.length ?? 0) <= 200);
  assert.equal(parseFeed("<a>".repeat(100_000), base), undefined);
  assert.equal(parseFeed("no XML at all", base), undefined);
  const long = `<rss><channel><title>${"&amp;".repeat(50_000)}\u202e</title></channel></rss>`;
  assert.equal(parseFeed(long, base)?.title.length, 200);
});

test("knows which addresses are public", () => {
  for (const address of ["93.184.215.14", "8.8.8.8", "172.32.0.1", "2606:2800:21f:cb07::1"])
    assert.equal(isPublic(address), true, address);
  for (const address of [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "fc00::1",
    "fe80::1",
    "2002:a00:1::",
    "2001:0:1::",
    "ff02::1",
    "example.org",
  ])
    assert.equal(isPublic(address), false, address);
});
