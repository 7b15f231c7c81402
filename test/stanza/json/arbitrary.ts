import fc from "fast-check";
import { type Element, el, type Stanza, toStanza } from "../../../src/stanza/index.ts";
import { SCHEMA } from "../../../src/stanza/json/schema.ts";
import type { ChildProp, Scalar, Shape } from "../../../src/stanza/json/shape.ts";

type Kind = "message" | "presence" | "iq";

/** Mostly what comes through, now and then what does not. */
function mostly<T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: bad });
}

const text = mostly(
  fc.oneof(
    fc.constantFrom("", "a", "b c", "1", "true", "a\nb", "&<>'\"", "🎈", "Ünïcode"),
    fc.string({ maxLength: 8, unit: "grapheme" }),
  ),
  fc.constantFrom("\u0001", "\ufffe"),
);
const number = mostly(
  fc.integer({ min: -200, max: 999_999 }).map(String),
  fc.constantFrom("1.5", "007", "1e3", "0x10", " 5", "high", "1e999", "1234567", "0.25", "-0", "1.23456789"),
);
const boolean = mostly(fc.constantFrom("1", "0"), fc.constantFrom("true", "false", "odd"));
const address = mostly(
  fc.constantFrom("a.example", "b@a.example", "b@a.example/c d", "ü@a.example"),
  fc.constantFrom("B@A.example", "a@@b"),
);

function scalar(type: Scalar): fc.Arbitrary<string> {
  if (type === "string") return text;
  return type === "boolean" ? boolean : number;
}

/** Mostly nothing, now and then something that no schema knows. */
const noise: fc.Arbitrary<readonly (Element | string)[]> = fc.oneof(
  { weight: 60, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      [el("odd", { xmlns: "urn:odd" })],
      [el("odd")],
      ["stray"],
      [el("body", {}, "x")],
    ),
  },
);
const noiseAttribute: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 60, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom({ odd: "x" }, { "xml:lang": "de" }) },
);

/** An element with what a shape knows in it, and now and then something else. */
function shaped(name: string, ns: string, shape: Shape, depth: number): fc.Arbitrary<Element> {
  const attributes = [...shape.attributes.values()].map((prop) =>
    fc.option(scalar(prop.type), { nil: undefined }).map((value) => [prop.name, value] as const),
  );
  const children = shape.props
    .filter((prop) => prop.where !== "attribute" && prop.where !== "text")
    .map((prop) =>
      fc.oneof({ weight: 7, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: child(prop, ns, depth) }),
    );
  return fc
    .tuple(
      fc.tuple(...attributes),
      fc.tuple(...children),
      noise,
      noiseAttribute,
      shape.text === undefined ? fc.constant("") : text,
    )
    .chain(([attrs, inside, other, otherAttrs, own]) =>
      fc
        .shuffledSubarray([...inside.flat(), ...other], { minLength: inside.flat().length + other.length })
        .map((shuffled) =>
          el(name, { xmlns: ns, ...Object.fromEntries(attrs), ...otherAttrs }, own, ...shuffled),
        ),
    );
}

function child(prop: ChildProp, parentNs: string, depth: number): fc.Arbitrary<Element[]> {
  const ns = prop.ns ?? parentNs;
  const one = (arbitrary: fc.Arbitrary<Element>): fc.Arbitrary<Element[]> =>
    fc.oneof(
      { weight: 12, arbitrary: arbitrary.map((element) => [element]) },
      { weight: 1, arbitrary: fc.array(arbitrary, { maxLength: 2 }) },
    );
  const withNoise = (name: string, attrs: Record<string, string>, inner: string): fc.Arbitrary<Element> =>
    fc
      .tuple(noise, noiseAttribute)
      .map(([other, otherAttrs]) => el(name, { xmlns: ns, ...attrs, ...otherAttrs }, inner, ...other));
  switch (prop.where) {
    case "text-child":
      return one(scalar(prop.type).chain((value) => withNoise(prop.name, {}, value)));
    case "attribute-child":
      return one(
        fc
          .option(text)
          .chain((value) => withNoise(prop.name, value === null ? {} : { [prop.attribute]: value }, "")),
      );
    case "flag":
      return one(withNoise(prop.name, {}, ""));
    case "choice":
      return one(fc.constantFrom(...prop.names).chain((name) => withNoise(name, {}, "")));
    case "object":
      return depth === 0 ? fc.constant([]) : one(shaped(prop.name, ns, prop.shape(), depth - 1));
    case "list": {
      const { wrapper, shape } = prop;
      const around = wrapper?.ns ?? parentNs;
      const itemNs = prop.ns ?? around;
      const item =
        shape === undefined
          ? text.map((value) => el(prop.name, { xmlns: itemNs }, value))
          : shaped(prop.name, itemNs, shape(), Math.max(depth - 1, 0));
      const items = fc.array(item, { maxLength: 3 });
      return wrapper === undefined
        ? items
        : one(items.map((list) => el(wrapper.name, { xmlns: around }, ...list)));
    }
  }
}

const fieldType = fc.constantFrom(
  undefined,
  "boolean",
  "fixed",
  "hidden",
  "jid-multi",
  "jid-single",
  "list-multi",
  "list-single",
  "text-multi",
  "text-private",
  "text-single",
);
const formField = fc
  .tuple(
    fieldType,
    fc.array(text, { maxLength: 2 }),
    fc.array(text, { maxLength: 1 }),
    fc.boolean(),
    fc.option(text, { nil: undefined }),
  )
  .map(([type, values, options, required, label]) =>
    el(
      "field",
      { var: "v", type, label },
      required && el("required"),
      values.map((value) => el("value", {}, value)),
      options.map((value) => el("option", { label: "o" }, el("value", {}, value))),
    ),
  );
const form = fc
  .tuple(
    fc.constantFrom("form", "submit", undefined),
    fc.option(text, { nil: undefined }),
    fc.array(formField, { maxLength: 2 }),
    noise,
  )
  .map(([type, title, fields, other]) =>
    el(
      "x",
      { xmlns: "jabber:x:data", type },
      title !== undefined && el("title", {}, title),
      fields,
      ...other,
    ),
  );
const xmlns = "http://jabber.org/protocol/";
const specials: fc.Arbitrary<Element> = fc.oneof(
  form,
  fc
    .tuple(
      fc.option(text, { nil: undefined }),
      fc.array(
        fc.constantFrom(
          el("identity", { category: "c", type: "t", name: "n" }),
          el("identity", { category: "c" }),
          el("feature", { var: "f" }),
          el("odd"),
        ),
        { maxLength: 3 },
      ),
    )
    .map(([node, inside]) => el("query", { xmlns: `${xmlns}disco#info`, node }, inside)),
  fc
    .tuple(
      fc.option(text, { nil: undefined }),
      fc.array(fc.constantFrom(el("item", { jid: "a", node: "n" }), el("item", { jid: "b", name: "m" })), {
        maxLength: 2,
      }),
      noise,
    )
    .map(([node, inside, other]) => el("query", { xmlns: `${xmlns}disco#items`, node }, inside, ...other)),
  fc
    .tuple(
      fc.array(
        fc.constantFrom(
          el("actions", { execute: "next" }, el("next")),
          el("actions"),
          el("actions", {}, el("odd")),
          el("note", { type: "info" }, "n"),
          el("note"),
        ),
        { maxLength: 2 },
      ),
      fc.option(form, { nil: undefined, freq: 2 }),
      noiseAttribute,
    )
    .map(([inside, data, attrs]) =>
      el("command", { xmlns: `${xmlns}commands`, node: "n", ...attrs }, inside, data),
    ),
  fc
    .tuple(text, noise)
    .map(([url, other]) => el("x", { xmlns: "jabber:x:oob" }, el("url", {}, url), ...other)),
  fc.constantFrom(
    el(
      "html",
      { xmlns: `${xmlns}xhtml-im` },
      el("body", { xmlns: "http://www.w3.org/1999/xhtml", style: "a'b" }, "a & ", el("p", {}, "b")),
    ),
    el("html", { xmlns: `${xmlns}xhtml-im` }, el("p", { xmlns: "http://www.w3.org/1999/xhtml" })),
  ),
  fc
    .oneof(
      fc.json({ maxDepth: 2 }).filter(onlySafeIntegers),
      fc.constantFrom("{", "", "0.1", "1.2345678901234567", '{"__array":[]}'),
    )
    .map((data) => el("payload", { xmlns: "urn:xmpp:json-msg:0", datatype: "d" }, data)),
);

/**
 * A whole number over 2^53 may come back as it was, or be its neighbour: it counts as lost all the same, since nobody can tell.
 */
function onlySafeIntegers(json: string): boolean {
  let safe = true;
  JSON.parse(json, (_, value: unknown) => {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) safe = false;
    return value;
  });
  return safe;
}

const NS_STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
const error = fc.constantFrom(
  el("error", { type: "cancel" }, el("conflict", { xmlns: NS_STANZAS })),
  el(
    "error",
    { type: "cancel", by: "a.example" },
    el("conflict", { xmlns: NS_STANZAS }),
    el("text", { xmlns: NS_STANZAS }, "t"),
  ),
  el("error", { type: "modify" }, el("gone", { xmlns: NS_STANZAS }, "xmpp:a")),
  el("error", {}),
  el("error", {}, el("conflict", { xmlns: NS_STANZAS }), el("gone", { xmlns: NS_STANZAS })),
);

const types: Readonly<Record<Kind, readonly (string | undefined)[]>> = {
  message: ["chat", "groupchat", "odd", undefined, "chat", "groupchat", "headline", "error"],
  presence: [undefined, "unavailable", "subscribe", "error"],
  iq: ["result", "result", "error"],
};

/** Stanzas of all that the mapping knows, and of some that it does not. */
export const stanzas: fc.Arbitrary<Stanza> = fc
  .constantFrom<Kind>("message", "presence", "iq")
  .chain((kind) =>
    fc
      .tuple(
        shaped(kind, "jabber:client", SCHEMA[kind], 3),
        fc.constantFrom(...types[kind]),
        fc.option(address, { nil: undefined }),
        fc.option(address, { nil: undefined }),
        fc.oneof(
          { weight: 2, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(specials, { maxLength: 2 }) },
        ),
        error,
      )
      .map(([element, type, to, from, more, failure]) =>
        toStanza(
          element
            .withAttrs({ type, to, from, id: kind === "iq" ? "1" : undefined })
            .append(...more, type === "error" && failure),
        ),
      ),
  );
