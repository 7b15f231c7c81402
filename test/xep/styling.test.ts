import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { message } from "../../src/stanza/index.ts";
import {
  buildUnstyled,
  emphasis,
  monospace,
  preformatted,
  quotation,
  readStyling,
  type StyledBlock,
  type StyledPart,
  strike,
  strong,
  styled,
  withoutStyling,
} from "../../src/xep/index.ts";

const JOINER = "\u2060";

/** What a line reads as, with its spans in brackets. */
function read(line: string): string {
  const [block] = readStyling(line);
  return block?.kind === "plain" ? block.content.map(bracketed).join("") : `${block?.kind}`;
}

function bracketed(span: Extract<StyledBlock, { kind: "plain" }>["content"][number]): string {
  return typeof span === "string" ? span : `[${span.style}:${span.content.map(bracketed).join("")}]`;
}

describe("XEP-0393: reading a styled body", () => {
  it("finds spans where the text says that there are some (§5.2)", () => {
    const lines: Record<string, string> = {
      "plain span": "plain span",
      "*strong span*": "[strong:strong span]",
      "plain _emphasis_ plain": "plain [emphasis:emphasis] plain",
      "`pre` plain *strong*": "[monospace:pre] plain [strong:strong]",
      "*strong*plain*": "[strong:strong]plain*",
      "* plain *strong*": "* plain [strong:strong]",
      "This is `*monospace*`": "This is [monospace:*monospace*]",
      "This is *`monospace and bold`*": "This is [strong:[monospace:monospace and bold]]",
    };
    for (const [line, spans] of Object.entries(lines)) assert.equal(read(line), spans);
  });

  it("finds none where it says that there is none (§5.2)", () => {
    for (const line of ["not strong*", "*not strong", "*not *strong", "**", "***", "****", "a*b*", "* a*"])
      assert.equal(read(line), line);
    assert.deepEqual(
      readStyling("*not \n strong*").map(({ kind }) => kind),
      ["plain", "plain"],
    );
  });

  it("takes code without its end to the end of what it is in (§5.1.2)", () => {
    assert.deepEqual(readStyling('> ```\n> (println "Hello, world!")\n\nplain'), [
      {
        kind: "quotation",
        content: [{ kind: "preformatted", info: "", text: '(println "Hello, world!")' }],
      },
      { kind: "plain", content: [] },
      { kind: "plain", content: ["plain"] },
    ]);
  });

  it("goes no deeper than anybody would, and takes no longer for what is meant to take long", () => {
    const [deep] = readStyling(">".repeat(10_000));
    assert.equal(deep?.kind, "quotation");
    readStyling("*a ".repeat(20_000));
    readStyling(`${"*_~".repeat(20_000)}a`);
    styled`${"*a ".repeat(20_000)}a*`;
  });

  it("leaves out the marks, but not those of who wants none", () => {
    const body = "*a* `b`\n> _c_\n```\n*d*\n```";
    assert.equal(withoutStyling(message({ body })), "a b\nc\n*d*");
    assert.equal(withoutStyling(message({ body }, buildUnstyled())), body);
    assert.equal(withoutStyling(message({})), undefined);
  });
});

describe("XEP-0393: building a styled text", () => {
  it("puts marks around words", () => {
    assert.equal(styled`${strong("a b")} and ${strike(emphasis("c"))}`, "*a b* and ~_c_~");
    assert.equal(String(monospace("x")), "`x`");
    assert.equal(styled`${7} ${["a", strong("b")]}`, "7 ab");
    assert.equal(styled`${strong("a ", strong("b"))}`, "*a b*");
    assert.equal(styled`${strong("first\nsecond")}`, "*first*\n*second*");
  });

  it("keeps white space out of the marks", () => {
    assert.equal(styled`a${strong(" b ")}c`, "a *b* c");
    assert.equal(styled`${strong(" ")}|`, " |");
  });

  it("says without a style what can have none", () => {
    assert.equal(styled`a${strong("b")}`, "ab");
    assert.equal(styled`(${strong("b")})`, "(b)");
    assert.equal(styled`${strong("2 * 3")}`, "2 * 3");
    assert.equal(styled`${monospace("a`b")}`, "a`b");
    assert.equal(styled`${strong(emphasis("a*b"))}`, "_a*b_");
  });

  it("leaves strangers' words the words that they are", () => {
    assert.equal(styled`Hello ${"*Admin*"}`, `Hello ${JOINER}*Admin*`);
    assert.equal(styled`${"> I said"}`, `${JOINER}> I said`);
    assert.equal(styled`${"```"}\n${"more"}`, `${JOINER}\`\`\`\nmore`);
    assert.equal(styled`${"*a "}${strong("b")}`, `${JOINER}*a *b*`);
    assert.equal(styled`about ~5 files of /tmp/_a, 2 * 3`, "about ~5 files of /tmp/_a, 2 * 3");
  });

  it("gives blocks lines of their own", () => {
    assert.equal(
      styled`See:${preformatted("a\n```\n b", "js`\n")}done`,
      `See:\n\`\`\`js\na\n${JOINER}\`\`\`\n b\n\`\`\`\ndone`,
    );
    assert.equal(styled`${quotation("a\n\n> b")}\nc`, `> a\n>\n> ${JOINER}> b\nc`);
    assert.equal(styled`${quotation("a")}${quotation("b")}`, "> a\n\n> b");
  });

  it("reads as it was meant, whatever is in it", () => {
    const word = fc.array(fc.constantFrom("*", "_", "~", "`", " ", "a", ">", "é", "\n", "```", JOINER), {
      maxLength: 8,
    });
    const words = word.map((all) => all.join(""));
    const spanOf = fc.constantFrom(strong, emphasis, strike);
    const { part } = fc.letrec<{ part: StyledPart }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 4 },
        words,
        words.map(monospace),
        fc.tuple(spanOf, fc.array(tie("part"), { maxLength: 3 })).map(([make, content]) => make(...content)),
      ),
    }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const text = styled`${parts}`;
        const said = plain(parts);
        const bare = (of: string): string => of.replaceAll(JOINER, "");
        const blocks = readStyling(text);
        assert.ok(blocks.every(({ kind }) => kind === "plain"));
        // Taken apart again, it is the same words: a mark is either put there by a style or one of the words.
        assert.equal(bare(withoutStyling(message({ body: text })) ?? ""), bare(said));
        for (const block of blocks) if (block.kind === "plain") check(block.content, parts);
      }),
    );
  });
});

/** Every span that is read is one that was meant: its words are those of a part with its style. */
function check(
  spans: Extract<StyledBlock, { kind: "plain" }>["content"],
  parts: readonly StyledPart[],
): void {
  const meant = new Map<string, string>();
  const collect = (part: StyledPart): void => {
    if (typeof part === "string" || typeof part === "number") return;
    if (Array.isArray(part)) {
      for (const each of part) collect(each);
      return;
    }
    const { style, content } = part as Exclude<StyledPart, string | number | readonly StyledPart[]>;
    meant.set(style, (meant.get(style) ?? "") + plain(content));
    for (const each of content) collect(each);
  };
  collect(parts);
  for (const span of spans) {
    if (typeof span === "string") continue;
    const text = plainSpans(span.content).replaceAll(JOINER, "");
    for (const character of text.replace(/\s/g, ""))
      assert.ok(meant.get(span.style)?.includes(character), `${span.style} ${text}`);
    check(span.content, parts);
  }
}

function plainSpans(spans: Extract<StyledBlock, { kind: "plain" }>["content"]): string {
  return spans.map((span) => (typeof span === "string" ? span : plainSpans(span.content))).join("");
}

function plain(part: StyledPart): string {
  if (typeof part === "string" || typeof part === "number") return String(part);
  if (Array.isArray(part)) return part.map(plain).join("");
  return (part as { content: readonly StyledPart[] }).content.map(plain).join("");
}
