/**
 * What reading XML costs: readXml beside the bare fast-xml-parser and others in one run, and hostile input by the
 * 100 kB. Run with `node --import tsx bench/xml.ts`.
 */
import { XMLParser } from "fast-xml-parser";
import { SaxesParser } from "saxes";
import { readXml, writeXml, type XmlReadError } from "../src/stanza/index.ts";

const small =
  "<message xml:lang='en' to='echo@bots.example' from='juliet@example.com/balcony' type='chat' id='a1b2c3d4-0001'>" +
  "<body>Hello there, how are you today? I&apos;m fine.</body>" +
  "<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/>" +
  "<origin-id xmlns='urn:xmpp:sid:0' id='a1b2c3d4-0001'/></message>";
const field = (name: string) =>
  `<field type='text-single' var='${name}' label='The ${name}'><required/><value>some ${name} &amp; more</value></field>`;
const medium =
  "<iq xml:lang='en' to='bots.example' from='juliet@example.com/balcony' type='set' id='a1b2c3d4-0002'>" +
  "<command xmlns='http://jabber.org/protocol/commands' node='survey' action='next' sessionid='s-1'>" +
  `<x xmlns='jabber:x:data' type='submit'>${Array.from({ length: 24 }, (_, index) => field(`field-${index}`)).join("")}</x>` +
  "</command></iq>";

const bare = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
  cdataPropName: "#cdata",
  jPath: false,
});

const readers: readonly (readonly [name: string, read: (xml: string, bytes: Uint8Array) => unknown])[] = [
  ["fast-xml-parser, bare", (xml) => bare.parse(xml)],
  ["readXml, bytes", (_, bytes) => readXml(bytes)],
  ["readXml, string", (xml) => readXml(xml)],
  ["saxes, no tree", (xml) => new SaxesParser({ xmlns: true }).write(xml).close()],
];

/** Best CPU time of a call in µs, the readers taking turns so that a busy machine is unfair to none. */
function compare(xml: string, calls: number, rounds: number): number[] {
  const bytes = new TextEncoder().encode(xml);
  const best = readers.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, read]] of readers.entries()) {
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call += 1) read(xml, bytes);
      const { user, system } = process.cpuUsage(before);
      best[index] = Math.min(best[index] as number, (user + system) / calls);
    }
  }
  return best;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

for (const [name, xml, calls] of [
  ["small message", small, 2000],
  ["medium form", medium, 150],
] as const) {
  const element = readXml(xml);
  print(`\n${name}, ${xml.length} bytes`);
  const costs = compare(xml, calls, 20);
  for (const [index, [reader]] of readers.entries()) {
    const cost = costs[index] as number;
    print(
      `  ${reader.padEnd(24)}${cost.toFixed(1).padStart(8)} µs${(cost / (costs[0] as number)).toFixed(2).padStart(8)}`,
    );
  }
  const before = process.cpuUsage();
  for (let call = 0; call < calls * 5; call += 1) writeXml(element);
  const { user, system } = process.cpuUsage(before);
  print(`  ${"writeXml".padEnd(24)}${((user + system) / calls / 5).toFixed(1).padStart(8)} µs`);
}

const size = 100_000;
const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length));
const numbered = (unit: (index: number) => string, count: number) =>
  Array.from({ length: count }, (_, index) => unit(index)).join("");
const unlimited = {
  bytes: Number.POSITIVE_INFINITY,
  depth: 1000,
  elements: Number.POSITIVE_INFINITY,
  attributes: Number.POSITIVE_INFINITY,
  children: Number.POSITIVE_INFINITY,
  namespace: Number.POSITIVE_INFINITY,
};
const hostile: readonly (readonly [name: string, xml: string])[] = [
  ["nothing but <", fill("<")],
  ["nested 20,000 deep", fill("<a>") + fill("</a>")],
  ["empty elements", `<a>${fill("<b/>")}</a>`],
  ["attributes, 10,000 of one element", `<a ${numbered((index) => `a${index}='' `, 10_000)}/>`],
  ["the same, the last twice", `<a ${numbered((index) => `a${index}='' `, 10_000)}a9999=''/>`],
  ["declarations, 6,000 of one element", `<a ${numbered((index) => `xmlns:a${index}='u' `, 6000)}/>`],
  [
    "prefixes, each declared and used",
    `<a>${numbered((index) => `<p${index}:b xmlns:p${index}='u'/>`, 4000)}</a>`,
  ],
  ["the same, never closed", `<a>${numbered((index) => `<p${index}:b xmlns:p${index}='u'/>`, 4000)}`],
  [
    "8 attributes an element, never closed",
    `<a>${numbered((index) => `<b ${"cdefghij".replaceAll(/./g, (name) => `${name}${index}='' `)}/>`, 1500)}`,
  ],
  [
    "prefixes rebound down 900 elements",
    numbered((index) => `<p:a xmlns:p='urn:${index}' p:b='${"c".repeat(70)}'>`, 900),
  ],
  ["a long namespace repeated", `<a xmlns:p='${"u".repeat(50_000)}'>${"<b p:c=''/>".repeat(4500)}</a>`],
  ["entities &amp;", `<a>${fill("&amp;")}</a>`],
  ["entities &lol;", `<a>${fill("&lol;")}</a>`],
  ["references of one long number", `<a>&#${fill("0")}65;</a>`],
  ["one long name", `<${fill("a")}/>`],
  ["long names, not closed by theirs", `<a>${fill(`<${"b".repeat(990)}>`)}`],
  ["one long prefix", `<${fill("a")}:b/>`],
  ["] in text", `<a>${fill("]")}</a>`],
  ["CDATA sections never closed", `<a>${fill("<![CDATA[")}`],
  ["empty CDATA sections", `<a>${fill("<![CDATA[]]>")}</a>`],
  ["text and CDATA in turns", `<a>${fill("b<![CDATA[c]]>")}</a>`],
  ["comment never closed", `<a>${fill("<!--")}`],
  ["quotes never closed", `<a b='${fill(`"`)}`],
  ["spaces in a tag", `<a${fill(" ")}/>`],
  ["line breaks in a value", `<a b='${fill("\r\n")}'/>`],
  ["letters beyond ASCII in names", `<a>${fill("<é/>")}</a>`],
  ["astral text", `<a>${fill("😀")}</a>`],
  ["plain text", `<a>${fill("text ")}</a>`],
];

print(`\nhostile input, CPU per 100 kB${"default limits".padStart(31)}${"no limits".padStart(30)}`);
for (const [name, xml] of hostile) {
  const cells = [undefined, unlimited].map((limits) => {
    let best = Number.POSITIVE_INFINITY;
    let outcome = "";
    for (let round = 0; round < 5; round += 1) {
      const before = process.cpuUsage();
      try {
        readXml(xml, limits);
        outcome = "read";
      } catch (error) {
        outcome = (error as XmlReadError).reason;
      }
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, ((user + system) / 1000) * (size / xml.length));
    }
    return `${best.toFixed(2).padStart(7)} ms ${outcome.padEnd(20)}`;
  });
  print(`  ${name.padEnd(38)}${cells.join("")}`);
}
