import { ALICE, PLAIN } from "../../callback/support/harness.ts";
import type { Random } from "./random.ts";

/** Bodies that are no stanza, or not the one that the request line tells of; the largest have `size` bytes or so. */
export type MakeBody = (random: Random, size: number) => string | Buffer;

const TO = `echo@${PLAIN}`;
const STANZA = `<message type='chat' id='1' to='${TO}' from='${ALICE}' xml:lang='en'><body>Hello &amp; welcome</body><x xmlns='urn:x:y' a='b'><c/></x></message>`;
const wrap = (inside: string, attributes = "") =>
  `<message type='chat' to='${TO}' from='${ALICE}'${attributes}>${inside}</message>`;

const bomb = (size: number) => {
  const levels = Array.from(
    { length: 20 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  );
  return `<?xml version='1.0'?><!DOCTYPE message [<!ENTITY e0 "${"ha".repeat(size / 40)}">${levels.join("")}]>${wrap("<body>&e20;</body>")}`;
};

const MALFORMED: readonly MakeBody[] = [
  (random) => STANZA.slice(0, random.between(0, STANZA.length - 1)),
  (random) => {
    const at = random.between(1, STANZA.length - 2);
    return `${STANZA.slice(0, at)}${random.pick(["<", "&", "\0", "<!--x-->", "<?x?>", "]]>", "\ufffe", "&#0;", "&x;"])}${STANZA.slice(at)}<`;
  },
  (random) => STANZA + random.pick([STANZA, "<a/>", "x", "<!-- -->", "&amp;", "</message>"]),
  (random, size) => wrap(`<body>${"x".repeat(size)}</bod${random.pick(["", "i", ">", "y"])}`),
  (random) =>
    wrap(
      random.pick([
        "<a></b>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a b/>",
        "<p:a/>",
        "<a p:b=''/>",
        "<1/>",
        "<a b='<'/>",
        "< a/>",
        "</a>",
      ]),
    ),
  (random) =>
    wrap(
      random.pick([
        "<a xmlns:x='' x:b=''/>",
        "<a xmlns:xml='urn:x'/>",
        "<xmlns:a/>",
        "<a xmlns:a='u' xmlns:b='u' a:x='' b:x=''/>",
        "<a:b:c xmlns:a='u'/>",
      ]),
    ),
  (random) =>
    wrap(
      `<body>&#${random.pick(["0", "8", "x0", "xB", "xD800", "xFFFE", "1114112", "99999999999999", "-1", "", "x"])};</body>`,
    ),
  (_, size) => bomb(size),
  (random) =>
    `<!DOCTYPE x SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/${random.pick(["passwd", "shadow"])}">]>${wrap("<body>&x;</body>")}`,
  (random, size) => random.bytes(Math.min(size, 4096)),
  (random) =>
    random.pick(["", " ", "\n\n", "\ufeff", "null", "{}", "<", "<>", "</>", "&", "<![CDATA[", "<?xml?>"]),
  (random, size) => wrap(`<body><![CDATA[${"]".repeat(random.between(0, size))}`),
];

/** XML that is none. */
export const malformedXml: MakeBody = (random, size) => random.pick(MALFORMED)(random, size);

/** XML with too much of something. */
export const excessiveXml: MakeBody = (random, size) =>
  random.pick<MakeBody>([
    () => {
      const depth = Math.max(size / 7, 101);
      return wrap("<a>".repeat(depth) + "</a>".repeat(depth));
    },
    () => wrap("<a>".repeat(size / 3)),
    () => "<message>".repeat(size / 9),
    () => wrap("<a/>".repeat(Math.max(size / 4, 20_001))),
    () => wrap("x<a/>".repeat(Math.max(size / 5, 10_001))),
    () => wrap("", Array.from({ length: Math.max(size / 10, 65) }, (_, index) => ` a${index}=''`).join("")),
    () => wrap(`<a xmlns='${"n".repeat(Math.max(size, 300))}'/>`),
    () => wrap(`<${"n".repeat(size)}/`),
    () => wrap("", ` ${"a".repeat(size)}='`),
    () => wrap(`<a b='${"v".repeat(size)}`),
    () => wrap(`<body>${"&lt;".repeat(size / 4)}</body`),
    () =>
      wrap(
        Array.from({ length: size / 30 }, (_, index) => `<p${index}:a xmlns:p${index}='u${index}'>`).join(""),
      ),
  ])(random, size);

/** Well-formed XML, and yet no stanza that may come. */
export const notAStanza: MakeBody = (random, size) => {
  const stanza = random.pick([
    "<a/>",
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>",
    STANZA.replace("<message ", "<message xmlns='jabber:server' "),
    STANZA.replaceAll("message", "Message"),
    STANZA.replace(ALICE, "@/"),
    STANZA.replace(ALICE, `a@${"b".repeat(1024)}`),
    STANZA.replace(TO, "@"),
    STANZA.replace(TO, ""),
    `<iq type='get' id='1' from='${ALICE}' to='${TO}'/>`,
    `<iq type='get' from='${ALICE}' to='${TO}'><a xmlns='u'/></iq>`,
    `<iq type='${random.pick(["", "GET", "chat", "__proto__"])}' id='1' from='${ALICE}' to='${TO}'><a xmlns='u'/></iq>`,
    `<presence type='${random.pick(["available", "", "chat", "constructor"])}' from='${ALICE}' to='${TO}'/>`,
    `<__proto__ from='${ALICE}' to='${TO}' type='chat'><polluted/></__proto__>`,
    `<constructor><prototype><polluted>1</polluted></prototype></constructor>`,
  ]);
  // Space after the root is let through, and has to be read.
  return stanza + " ".repeat(random.between(0, size));
};

const INVALID: readonly (readonly number[])[] = [
  [0xff],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0x80],
];

/** Bytes that are no UTF-8, somewhere in a stanza that is good otherwise. */
export const badUtf8: MakeBody = (random, size) => {
  const stanza = Buffer.from(wrap(`<body>${"é".repeat(random.between(1, size / 2))}</body>`));
  const at = random.between(0, stanza.length);
  return Buffer.concat([stanza.subarray(0, at), Buffer.from(random.pick(INVALID)), stanza.subarray(at)]);
};

const good = { kind: "message", type: "chat", from: ALICE, to: TO, id: "1", body: "Hello" };
const wrongValues = [0, 1.5, -1, true, false, [], {}, [[]], [null], { a: 1 }, ["x"], 1e308];

/** JSON of wrong types, with keys that have a meaning in JavaScript, or nested beyond measure. */
export const hostileJson: MakeBody = (random, size) =>
  random.pick<MakeBody>([
    () =>
      JSON.stringify({
        ...good,
        [random.pick(["kind", "from", "to", "id", "body", "subject"])]: random.pick(wrongValues),
      }),
    () => JSON.stringify({ ...good, type: random.pick(wrongValues) }),
    () => `{"__proto__":${JSON.stringify({ ...good, polluted: true })}}`,
    () => `{"constructor":{"prototype":${JSON.stringify({ ...good, polluted: true })}},"kind":"message"}`,
    () => `${JSON.stringify(good).slice(0, -1)},"from":"${random.pick(["eve@example.com", "", "@", "/"])}"}`,
    () =>
      `${JSON.stringify(good).slice(0, -1)},"payload":{"xmlns":"u","name":"__proto__","attr":{"__proto__":{"polluted":1}},"from":${"[".repeat(200)}${"]".repeat(200)}}}`,
    () => "[".repeat(size),
    () => "[".repeat(size / 2) + "]".repeat(size / 2),
    () => `${'{"a":'.repeat(size / 6)}1${"}".repeat(size / 6)}`,
    () => {
      const depth = Math.max(size / 13, 60);
      return `${JSON.stringify(good).slice(0, -1)},"dataform":${'{"fields":['.repeat(depth)}${"]}".repeat(depth)}}`;
    },
    () => `{${Array.from({ length: Math.max(size / 12, 20_001) }, (_, index) => `"k${index}":0`).join()}}`,
    () => JSON.stringify(good).slice(0, random.between(0, 40)),
    () =>
      random.pick([
        "",
        "null",
        "1",
        '"x"',
        "[]",
        "{}",
        "NaN",
        "{'a':1}",
        '{"a":01}',
        "{} {}",
        "\u0000",
        "\ufeff{}",
      ]),
    () => `{"kind":"message","body":"${"\\u0000"}","from":"${ALICE}","to":"${TO}","type":"chat"}`,
    () => `{"kind":"message","body":"${"\\ud800"}","from":"${ALICE}","to":"${TO}","type":"chat"}`,
    () =>
      JSON.stringify({ ...good, kind: random.pick(["meta", "__proto__", "constructor", "toString", ""]) }),
    () => random.bytes(Math.min(size, 2048)),
  ])(random, size);

const FROM = encodeURIComponent(ALICE);

/** Forms with keys twice, broken escapes, and no stanza in them. */
export const hostileForm: MakeBody = (random, size) =>
  random.pick<() => string>([
    () =>
      random.pick(["", "&", "kind", "=", "kind=%FF%FE", "kind=%", "__proto__=1&constructor=2&polluted=3"]),
    () => `kind=message&kind=message&from=${ALICE}`,
    () => `kind=message&type=chat&from=${FROM}&to=${encodeURIComponent(TO)}&body=x&body=y`,
    () => `kind=message&type=chat&from=eve%40example.com&to=${encodeURIComponent(TO)}&body=x`,
    () => `kind=iq&type=get&from=${FROM}`,
    () => Array.from({ length: Math.max(size / 8, 20_001) }, (_, index) => `k${index}=0`).join("&"),
    () => random.pick(["&", "%", "="]).repeat(size),
  ])();
