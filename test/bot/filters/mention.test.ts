import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filterSpec } from "../../../src/bot/filters/index.ts";
import type { Rooms } from "../../../src/bot/index.ts";
import { contextOf, inRoom } from "../contexts.ts";

const ROOM = "room@rooms.example";

/** What is said to the bot, which is called Robbie in the room. */
async function said(body: string, extra = "", rooms?: Rooms): Promise<string | undefined> {
  const ctx = contextOf(
    `<message type='groupchat' from='${ROOM}/nurse' to='echo@bots.example'><body>${body}</body>${extra}</message>`,
    rooms ?? (await inRoom(ROOM, "Robbie")),
  );
  const added = filterSpec("message:mention").test(ctx);
  return typeof added === "object" ? (added as { readonly mention: string }).mention : undefined;
}

const reference = (uri: string, attrs = ""): string =>
  `<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:${uri}' ${attrs}/>`;

describe("a mention of the bot", () => {
  for (const [body, rest] of [
    ["Robbie: hello", "hello"],
    ["robbie,hello, Robbie", "hello, Robbie"],
    ["  Echo: hello ", "hello"],
    ["@Robbie hello", "hello"],
    ["@Robbie: hello", "hello"],
    ["@robbie", ""],
    ["Robbie:", ""],
    ["Robbie hello", undefined],
    ["@Robbiexyz hello", undefined],
    ["Robbies: hello", undefined],
    ["hello Robbie", undefined],
    ["nurse: Robbie: hello", undefined],
  ] as const) {
    it(`in ${JSON.stringify(body)} says ${JSON.stringify(rest)}`, async () =>
      assert.equal(await said(body), rest));
  }

  it("by a reference is one wherever it stands, and the name is left out at the beginning", async () => {
    const nick = `${ROOM}/Robbie`;
    assert.equal(await said("Robbie hello", reference(nick, "begin='0' end='6'")), "hello");
    assert.equal(await said("😀 Robbie, hello", reference(nick, "begin='2' end='8'")), "😀 Robbie, hello");
    assert.equal(await said("hello Robbie!", reference(nick, "begin='6' end='12'")), "hello Robbie!");
    assert.equal(await said("hello you", reference("echo@bots.example")), "hello you");
    assert.equal(await said("hello you", reference(`${ROOM}/nurse`)), undefined);
    assert.equal(await said("hello you", reference(ROOM)), undefined);
  });

  it("is not what a quotation says, but what comes after it", async () => {
    const quoted = (body: string, end: number, extra = ""): Promise<string | undefined> =>
      said(
        body,
        `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='${end}'/></fallback>${extra}`,
      );
    assert.equal(await quoted("&gt; Robbie: a\nb", 12), undefined);
    assert.equal(await quoted("&gt; a\nRobbie: b", 4), "b");
    assert.equal(await quoted("&gt; a\nRobbie b", 4, reference(`${ROOM}/Robbie`, "begin='4' end='10'")), "b");
    assert.equal(await quoted("&gt; Robbie\nb", 9, reference(`${ROOM}/Robbie`, "begin='2' end='8'")), "b");
  });

  it("outside of rooms is by the bot's name", () => {
    const ctx = contextOf(
      "<message type='chat' from='a@b.example' to='echo@bots.example'><body>echo, hi</body></message>",
    );
    assert.deepEqual(filterSpec("message:mention").test(ctx), { mention: "hi" });
  });
});
