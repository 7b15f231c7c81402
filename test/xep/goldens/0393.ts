import { el } from "../../../src/stanza/index.ts";
import {
  buildUnstyled,
  emphasis,
  isUnstyled,
  monospace,
  preformatted,
  quotation,
  readStyling,
  type StyledBlock,
  type StyledPart,
  strike,
  strong,
  styled,
} from "../../../src/xep/index.ts";
import { type Golden, goldens, inElement, inMessage } from "../golden.ts";

/** A body of the examples, which reads as these blocks, and is built of these parts. */
function example(title: string, body: string, blocks: StyledBlock[], ...parts: StyledPart[]): Golden {
  return inElement(
    title,
    `<body>${body.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "&#10;")}</body>`,
    blocks,
    ({ text }) => readStyling(text),
    () => el("body", {}, styled`${parts}`),
  );
}

const plain = (...content: Extract<StyledBlock, { kind: "plain" }>["content"][number][]): StyledBlock => ({
  kind: "plain",
  content,
});
const span = (style: "strong" | "emphasis" | "strike" | "monospace", ...content: string[]) => ({
  style,
  content,
});

export default goldens(
  "0393",
  example(
    "§6.1.2 preformatted text",
    '```ignored\n(println "Hello, world!")\n```\n\nThis should show up as monospace, preformatted text ⤴',
    [
      { kind: "preformatted", info: "ignored", text: '(println "Hello, world!")' },
      plain(),
      plain("This should show up as monospace, preformatted text ⤴"),
    ],
    preformatted('(println "Hello, world!")', "ignored"),
    "\n\nThis should show up as monospace, preformatted text ⤴",
  ),
  example(
    "§6.1.3 a quotation",
    "> That that is, is.\n\nSaid the old hermit of Prague.",
    [
      { kind: "quotation", content: [plain("That that is, is.")] },
      plain(),
      plain("Said the old hermit of Prague."),
    ],
    quotation("That that is, is."),
    "\n\nSaid the old hermit of Prague.",
  ),
  example(
    "§6.1.3 a quotation in a quotation",
    ">> That that is, is.\n> Said the old hermit of Prague.\n\nWho?",
    [
      {
        kind: "quotation",
        content: [
          { kind: "quotation", content: [plain("That that is, is.")] },
          plain("Said the old hermit of Prague."),
        ],
      },
      plain(),
      plain("Who?"),
    ],
    quotation(quotation("That that is, is."), "Said the old hermit of Prague."),
    "\n\nWho?",
  ),
  example(
    "§6.2.1 strong",
    "Two spans, both *alike in dignity*",
    [plain("Two spans, both ", span("strong", "alike in dignity"))],
    "Two spans, both ",
    strong("alike in dignity"),
  ),
  example(
    "§6.2.2 emphasis",
    "The full title is _Twelfth Night, or What You Will_ but\n_most_ people shorten it.",
    [
      plain("The full title is ", span("emphasis", "Twelfth Night, or What You Will"), " but"),
      plain(span("emphasis", "most"), " people shorten it."),
    ],
    "The full title is ",
    emphasis("Twelfth Night, or What You Will"),
    " but\n",
    emphasis("most"),
    " people shorten it.",
  ),
  example(
    "§6.2.4 struck out",
    "Everyone ~dis~likes cake.",
    [plain("Everyone ", span("strike", "dis"), "likes cake.")],
    "Everyone ",
    strike("dis"),
    "likes cake.",
  ),
  example(
    "§6.2.5 monospace",
    "Wow, I can write in `monospace`!",
    [plain("Wow, I can write in ", span("monospace", "monospace"), "!")],
    "Wow, I can write in ",
    monospace("monospace"),
    "!",
  ),
  inMessage(
    "§7 no styling",
    `<message>
      <body>&gt; _ &lt;</body>
      <unstyled xmlns="urn:xmpp:styling:0"/>
    </message>`,
    true,
    isUnstyled,
    () => buildUnstyled(),
  ),
);
