import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { filterSpec } from "../../src/bot/filters/index.ts";
import { Composer, type Context, type Filter } from "../../src/bot/index.ts";
import { contextOf } from "./contexts.ts";

/** Routes as a tree, to be read twice: by a composer, and by the few lines of `naive`. */
type Tree =
  | { readonly kind: "use"; readonly id: number; readonly hands: boolean }
  | { readonly kind: "hears"; readonly pattern: string | RegExp; readonly inner: readonly Tree[] }
  | { readonly kind: "on"; readonly filters: readonly Filter[]; readonly inner: readonly Tree[] }
  | { readonly kind: "filter"; readonly passes: boolean; readonly inner: readonly Tree[] };

function build(bot: Composer<Context>, trees: readonly Tree[], trace: number[]): void {
  for (const tree of trees) {
    if (tree.kind === "use") {
      bot.use((_, next) => {
        trace.push(tree.id);
        return tree.hands ? next() : undefined;
      });
    } else {
      const inner = new Composer<Context>();
      build(inner, tree.inner, trace);
      if (tree.kind === "hears") bot.hears(tree.pattern, inner);
      else if (tree.kind === "on") bot.on(tree.filters, inner);
      else bot.filter(() => tree.passes, inner);
    }
  }
}

/** Goes through the routes one by one; tells whether one of them has kept the stanza. */
function naive(trees: readonly Tree[], ctx: Context, trace: number[]): boolean {
  return trees.some((tree) => {
    if (tree.kind === "use") {
      trace.push(tree.id);
      return !tree.hands;
    }
    return passes(tree, ctx) && naive(tree.inner, ctx, trace);
  });
}

function passes(tree: Exclude<Tree, { readonly kind: "use" }>, ctx: Context): boolean {
  if (tree.kind === "filter") return tree.passes;
  if (tree.kind === "on") return tree.filters.some((filter) => filterSpec(filter).test(ctx) !== false);
  if (filterSpec("message:body").test(ctx) === false || ctx.body === undefined) return false;
  if (tree.pattern instanceof RegExp) return tree.pattern.test(ctx.body);
  return ctx.body.trim().toLowerCase() === tree.pattern.trim().toLowerCase();
}

const at = "from='juliet@example.com/balcony' to='echo@bots.example' id='x'";
const room = "from='room@rooms.example/nurse' to='echo@bots.example' id='x'";
const DELAY = "<delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/>";
const REACTIONS = "<reactions id='1' xmlns='urn:xmpp:reactions:0'/>";
const STANZAS: readonly string[] = [
  `<message type='chat' ${at}><body>one</body></message>`,
  `<message ${at}><body> ONE </body>${REACTIONS}<x xmlns='jabber:x:oob'><url>u</url></x></message>`,
  `<message type='odd' ${at}><body>two</body></message>`,
  `<message type='chat' ${at}>${REACTIONS}</message>`,
  `<message type='groupchat' ${room}><body>one</body></message>`,
  `<message type='groupchat' ${room}><body>two</body>${DELAY}</message>`,
  `<message type='headline' ${at}><body>one</body></message>`,
  `<message type='error' ${at}><body>one</body></message>`,
  `<presence ${at}/>`,
  `<presence type='subscribe' ${at}/>`,
  `<presence type='unavailable' ${room}><x xmlns='http://jabber.org/protocol/muc#user'/></presence>`,
  `<iq type='get' ${at}><q xmlns='urn:a'/></iq>`,
  `<iq type='set' ${at}><q xmlns='urn:b'/></iq>`,
  `<iq type='result' ${at}><q xmlns='urn:a'/></iq>`,
];
const FILTERS: readonly Filter[] = [
  "message",
  "message:body",
  "message:reaction",
  "message:file",
  "message:encrypted",
  "message:direct",
  "message:private",
  "message:groupchat",
  "message:headline",
  "message:history",
  "message:error",
  "presence",
  "presence:subscribe",
  "presence:left",
  "presence:contact",
  "iq",
  "iq:get",
  "iq:get:urn:a",
  "iq:get:{urn:a}q",
  "iq:set:urn:b",
];

const { trees } = fc.letrec<{ trees: Tree[]; tree: Tree }>((tie) => ({
  trees: fc.array(tie("tree"), { maxLength: 8 }),
  tree: fc.oneof(
    { depthSize: "small" },
    fc.record({ kind: fc.constant("use" as const), id: fc.nat(), hands: fc.boolean() }),
    fc.record({
      kind: fc.constant("hears" as const),
      pattern: fc.constantFrom("one", " One", "two", "three", /o/, /^one$/),
      inner: tie("trees"),
    }),
    fc.record({
      kind: fc.constant("on" as const),
      filters: fc.array(fc.constantFrom(...FILTERS), { minLength: 1, maxLength: 3 }),
      inner: tie("trees"),
    }),
    fc.record({ kind: fc.constant("filter" as const), passes: fc.boolean(), inner: tie("trees") }),
  ),
}));

describe("the index of a composer's routes", () => {
  it("runs the same handlers in the same order as one would that tries them all", () => {
    let ran = 0;
    fc.assert(
      fc.property(trees, fc.constantFrom(...STANZAS), (tree, xml) => {
        const expected: number[] = [];
        const kept = naive(tree, contextOf(xml), expected);
        const seen: number[] = [];
        const bot = new Composer<Context>();
        build(bot, tree, seen);
        let passedOn = false;
        const ctx = contextOf(xml);
        const end = (): void => {
          passedOn = true;
        };
        void bot.chain()({ ctx, answer: () => undefined }, end);
        assert.deepEqual(seen, expected);
        assert.equal(passedOn, !kept);
        if (seen.length > 1) ran += 1;
      }),
      { numRuns: 500 },
    );
    assert.ok(ran > 50, `only ${ran} of the runs had more than one handler`);
  });

  it("tries no route that is for other stanzas", () => {
    let tried = 0;
    const bot = new Composer<Context>();
    for (let number = 0; number < 50; number += 1) {
      bot.hears(`word ${number}`, () => undefined);
      bot.on(`iq:get:urn:${number}`, () => undefined);
    }
    const routes = bot.routes.map((route) => ({
      ...route,
      run: (...args: Parameters<typeof route.run>) => {
        tried += 1;
        return route.run(...args);
      },
    }));
    const counted = new Composer<Context>();
    for (const route of routes) counted.add(route);
    for (const xml of [
      `<message type='chat' ${at}><body>Word 7</body></message>`,
      `<iq type='get' ${at}><q xmlns='urn:7'/></iq>`,
    ]) {
      tried = 0;
      void counted.chain()({ ctx: contextOf(xml), answer: () => undefined }, () =>
        assert.fail("not handled"),
      );
      assert.equal(tried, 1, xml);
    }
  });

  it("goes by the conditions of a route that names no keys", () => {
    for (const [of, xml] of [
      ["history", `<message type='groupchat' ${room}>${DELAY}</message>`],
      ["room", `<message ${room}/>`],
      ["headline", `<message type='headline' ${at}/>`],
      ["presence-probe", `<presence type='probe' ${at}/>`],
    ] as const) {
      let ran = false;
      const bot = new Composer<Context>().add({
        label: of,
        when: [{ classes: [of], parts: [] }],
        run: () => {
          ran = true;
        },
      });
      void bot.chain()({ ctx: contextOf(xml), answer: () => undefined }, () => assert.fail("not tried"));
      assert.ok(ran);
      let passed = 0;
      const other = contextOf(`<iq type='get' ${at}><q xmlns='urn:a'/></iq>`);
      void bot.chain()({ ctx: other, answer: () => undefined }, () => {
        passed += 1;
      });
      assert.equal(passed, 1, "nothing else is");
    }
  });
});
