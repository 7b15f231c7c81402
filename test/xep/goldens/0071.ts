import { el } from "../../../src/stanza/index.ts";
import { buildXhtml, NS_XHTML, readXhtml, type Xhtml } from "../../../src/xep/index.ts";
import { type Golden, goldens, inMessage } from "../golden.ts";

function example(title: string, xml: string, ...bodies: Xhtml[]): Golden {
  return inMessage(title, xml, bodies, readXhtml, (all) => buildXhtml(...all));
}

const x = (name: string, attrs: Record<string, string>, ...content: (string | ReturnType<typeof el>)[]) =>
  el(name, { xmlns: NS_XHTML, ...attrs }, content);

export default goldens(
  "0071",
  example(
    "§4 a simple example",
    `<message>
      <body>hi!</body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xmlns='http://www.w3.org/1999/xhtml'>
          <p style='font-weight:bold'>hi!</p>
        </body>
      </html>
    </message>`,
    { content: [x("p", { style: "font-weight:bold" }, "hi!")] },
  ),
  example(
    "§9 emphasis, font colors, strength",
    `<message>
      <body>Wow, I&apos;m green with envy!</body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xmlns='http://www.w3.org/1999/xhtml'>
          <p style='font-size:large'><em>Wow</em>, I&apos;m <span style='color:green'>green</span> with <strong>envy</strong>!</p>
        </body>
      </html>
    </message>`,
    {
      content: [
        x(
          "p",
          { style: "font-size:large" },
          x("em", {}, "Wow"),
          ", I'm ",
          x("span", { style: "color:green" }, "green"),
          " with ",
          x("strong", {}, "envy"),
          "!",
        ),
      ],
    },
  ),
  example(
    "§9 blockquote, cite",
    `<message>
      <body>As Emerson said in his essay Self-Reliance: "A foolish consistency is the hobgoblin of little minds."</body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xmlns='http://www.w3.org/1999/xhtml'>
          <p>As Emerson said in his essay <cite>Self-Reliance</cite>:</p>
          <blockquote>&quot;A foolish consistency is the hobgoblin of little minds.&quot;</blockquote>
        </body>
      </html>
    </message>`,
    {
      content: [
        x("p", {}, "As Emerson said in his essay ", x("cite", {}, "Self-Reliance"), ":"),
        x("blockquote", {}, '"A foolish consistency is the hobgoblin of little minds."'),
      ],
    },
  ),
  example(
    "§9 an image and a hyperlink",
    `<message>
      <body>Hey, are you licensed to Jabber? http://www.xmpp.org/images/psa-license.jpg</body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xmlns='http://www.w3.org/1999/xhtml'>
          <p>Hey, are you licensed to <a href='http://www.jabber.org/'>Jabber</a>?</p>
          <p><img src='http://www.xmpp.org/images/psa-license.jpg' alt='A License to Jabber' height='261' width='537'/></p>
        </body>
      </html>
    </message>`,
    {
      content: [
        x("p", {}, "Hey, are you licensed to ", x("a", { href: "http://www.jabber.org/" }, "Jabber"), "?"),
        x(
          "p",
          {},
          x("img", {
            src: "http://www.xmpp.org/images/psa-license.jpg",
            alt: "A License to Jabber",
            height: "261",
            width: "537",
          }),
        ),
      ],
    },
  ),
  example(
    "§9 two lists",
    `<message>
      <body>Here&apos;s my .plan for today:
  1. Add the following examples to XEP-0071:
     - ordered and unordered lists
     - more styles (e.g., indentation)
  2. Kick back and relax
  </body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xmlns='http://www.w3.org/1999/xhtml'>
          <p>Here&apos;s my .plan for today:</p>
          <ol>
            <li>Add the following examples to XEP-0071:<ul>
                <li>ordered and unordered lists</li>
                <li>more styles (e.g., indentation)</li>
              </ul></li>
            <li>Kick back and relax</li>
          </ol>
        </body>
      </html>
    </message>`,
    {
      content: [
        x("p", {}, "Here's my .plan for today:"),
        x(
          "ol",
          {},
          x(
            "li",
            {},
            "Add the following examples to XEP-0071:",
            x(
              "ul",
              {},
              x("li", {}, "ordered and unordered lists"),
              x("li", {}, "more styles (e.g., indentation)"),
            ),
          ),
          x("li", {}, "Kick back and relax"),
        ),
      ],
    },
  ),
  example(
    "§9 multiple bodies",
    `<message>
      <body xml:lang='en-US'>awesome!</body>
      <body xml:lang='de-DE'>ausgezeichnet!</body>
      <html xmlns='http://jabber.org/protocol/xhtml-im'>
        <body xml:lang='en-US' xmlns='http://www.w3.org/1999/xhtml'>
          <p><strong>awesome!</strong></p>
        </body>
        <body xml:lang='de-DE' xmlns='http://www.w3.org/1999/xhtml'>
          <p><strong>ausgezeichnet!</strong></p>
        </body>
      </html>
    </message>`,
    { lang: "en-US", content: [x("p", {}, x("strong", {}, "awesome!"))] },
    { lang: "de-DE", content: [x("p", {}, x("strong", {}, "ausgezeichnet!"))] },
  ),
);
