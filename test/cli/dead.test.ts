import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CONVERSATION, StoreFolder } from "./letters.ts";

const CRASH = "TypeError: on purpose\n    at handler (bot.ts:3:4)";
const TOO_LARGE = "RestRefusedError: it is too large";

/** A line of `dead list --json`. */
interface Line {
  readonly queue: string;
  readonly id: string;
}

function idsOf(stdout: string): string[] {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Line).map(({ queue, id }) => `${queue} ${id}`);
}

describe("restanza dead", { concurrency: 3 }, () => {
  test("tells timers that have failed from stanzas", async () => {
    await using at = await StoreFolder.with(
      { id: "timer x 1", timer: { kind: "timer", name: "tea" }, error: CRASH },
      { id: "a", error: CRASH },
    );
    const [, timer = "", stanza = ""] = (await at.run(["dead", "list"])).stdout.split("\n");
    assert.match(timer, /alice@capulet\.example.* \(timer tea\)/);
    assert.doesNotMatch(stanza, /timer/);
    const { stdout } = await at.run(["dead", "show", "timer x 1"]);
    assert.match(stdout, /^what +timer tea of echo@bots\.example\.org, with alice@capulet\.example/m);
    assert.doesNotMatch(stdout, /restanza fixture/);
    const json = JSON.parse((await at.run(["dead", "list", "--json"])).stdout.split("\n")[0] ?? "");
    assert.equal(json.timer, "timer tea");
  });

  test("list shows both queues in columns, and no error beyond its first line", async () => {
    await using at = await StoreFolder.with(
      { id: "a", error: CRASH },
      { id: "waits" },
      { queue: "outbox", id: "a 1", bot: "hello", error: TOO_LARGE },
    );
    const { code, stdout, stderr } = await at.run(["dead", "list"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const [head = "", first = "", second = "", ...rest] = stdout.trimEnd().split("\n");
    assert.deepEqual(rest, []);
    assert.match(head, /^ID {5,}QUEUE +SINCE +BOT +WITH +ERROR$/);
    assert.match(
      first,
      /^a +inbox +20\S+Z +echo@bots\.example\.org +alice@capulet\.example\/phone +TypeError: on purpose$/,
    );
    assert.match(
      second,
      /^'a 1' +outbox +20\S+Z +hello@bots\.example\.org +alice@capulet\.example +RestRefusedError: it is too large$/,
    );
    assert.equal(first.indexOf("inbox"), head.indexOf("QUEUE"));
    assert.equal(second.indexOf("outbox"), head.indexOf("QUEUE"));
  });

  test("list leaves out what --queue, --bot and --error do not mean", async () => {
    await using at = await StoreFolder.with(
      { id: "a", error: CRASH },
      { id: "b", bot: "hello", error: "Error: something else" },
      { queue: "outbox", id: "c", bot: "hello", error: TOO_LARGE },
    );
    const ids = async (...options: string[]) =>
      idsOf((await at.run(["dead", "list", "--json", ...options])).stdout);
    assert.deepEqual(await ids(), ["inbox a", "inbox b", "outbox c"]);
    assert.deepEqual(await ids("--queue", "outbox"), ["outbox c"]);
    assert.deepEqual(await ids("--bot", "hello"), ["inbox b", "outbox c"]);
    assert.deepEqual(await ids("--bot", "hello@bots.example.org", "-q", "inbox"), ["inbox b"]);
    assert.deepEqual(await ids("--bot", "bots.example.org"), []);
    assert.deepEqual(await ids("--error", "typeerror"), ["inbox a"]);
  });

  test("an empty list is said to be so, to people alone", async () => {
    await using at = await StoreFolder.with();
    assert.deepEqual(await at.run(["dead", "list"]), {
      code: 0,
      stdout: "",
      stderr: "nothing was put aside\n",
    });
    assert.deepEqual(await at.run(["dead", "list", "--json"]), { code: 0, stdout: "", stderr: "" });
  });

  test("show tells all there is, and what to do next", async () => {
    await using at = await StoreFolder.with({ id: "a", error: CRASH });
    const { code, stdout } = await at.run(["dead", "show", "a"]);
    assert.equal(code, 0);
    assert.match(stdout, /^what +message from alice@capulet\.example\/phone for echo@bots\.example\.org$/m);
    assert.ok(stdout.includes(`conversation  ${CONVERSATION}\n`), stdout);
    assert.ok(stdout.includes("<body>a</body></message>\n"), stdout);
    assert.ok(stdout.includes(`${CRASH}\n`), stdout);
    assert.match(stdout, /restanza dead replay a has it handled again/);
    const json = JSON.parse((await at.run(["dead", "show", "a", "--json"])).stdout) as Record<
      string,
      unknown
    >;
    assert.deepEqual(
      [json["queue"], json["from"], json["to"], json["error"], json["conversation"]],
      ["inbox", "alice@capulet.example/phone", "echo@bots.example.org", CRASH, CONVERSATION],
    );
  });

  test("nothing that a stranger sent can rewrite the terminal", async () => {
    const nasty = "\u009b2J\u202e";
    await using at = await StoreFolder.with({ id: "a", body: nasty, error: `Error: \u001b[2J${nasty}\r` });
    const list = await at.run(["dead", "list"]);
    const show = await at.run(["dead", "show", "a"]);
    const refused = await at.run(["dead", "drop", "--all"]);
    const json = await at.run(["dead", "show", "a", "--json"]);
    for (const { stdout, stderr } of [list, show, refused, json])
      assert.doesNotMatch(stdout + stderr, /(?!\n)[\p{Cc}\u202e]/u);
    assert.match(show.stdout, /<body>\\u\{9b\}2J\\u\{202e\}<\/body>/);
    assert.equal((JSON.parse(json.stdout) as { error: string }).error, `Error: \u001b[2J${nasty}\r`);
  });

  test("an id that both queues have put aside wants --queue", async () => {
    await using at = await StoreFolder.with(
      { id: "a", error: CRASH },
      { queue: "outbox", id: "a", error: TOO_LARGE },
    );
    for (const command of ["show", "replay", "drop"]) {
      const { code, stderr } = await at.run(["dead", command, "a"]);
      assert.deepEqual(
        [code, stderr],
        [1, "both the inbox and the outbox have put aside a; add --queue inbox or --queue outbox\n"],
      );
    }
    assert.equal((await at.run(["dead", "drop", "a", "--queue", "outbox"])).code, 0);
    assert.deepEqual(idsOf((await at.run(["dead", "list", "--json"])).stdout), ["inbox a"]);
  });

  test("what is not there, and what still waits, is told apart", async () => {
    await using at = await StoreFolder.with({ id: "waits" });
    assert.deepEqual(await at.run(["dead", "show", "nope"]), {
      code: 1,
      stdout: "",
      stderr: "nothing was put aside under nope; restanza dead list shows what was\n",
    });
    const { code, stderr } = await at.run(["dead", "drop", "waits"]);
    assert.deepEqual(
      [code, stderr],
      [1, "waits was not put aside: it waits in the inbox, and will be tried by itself\n"],
    );
  });

  test("replay has the named ones tried again, beside the process that has the store open", async () => {
    await using at = await StoreFolder.with({ id: "a", error: CRASH }, { id: "b", error: CRASH });
    await using store = await at.open();
    const { code, stderr } = await at.run(["dead", "replay", "b", "nope", "a"]);
    assert.equal(code, 1, "one of them is not there");
    assert.match(
      stderr,
      /^b: given another chance.*\nnothing was put aside under nope.*\na: given another chance/,
    );
    const waiting = await store.entries("inbox", { state: "waiting" });
    assert.deepEqual(
      waiting.map(({ id, attempts }) => [id, attempts]),
      [
        ["b", 0],
        ["a", 0],
      ],
    );
  });

  test("--all asks first, and where nobody can be asked changes nothing without --yes", async () => {
    await using at = await StoreFolder.with(
      ...Array.from({ length: 3 }, (_, number) => ({ id: `a${number}`, error: CRASH })),
      { id: "b", error: "Error: another" },
      { queue: "outbox", id: "c", error: TOO_LARGE },
    );
    const refused = await at.run(["dead", "drop", "--all", "--queue", "inbox"]);
    assert.equal(refused.code, 1);
    assert.equal(
      refused.stderr,
      "  3 × TypeError: on purpose\n  1 × Error: another\n4 stanzas would be dropped; add --yes to do so, nothing was changed\n",
    );
    const replayed = await at.run(["dead", "replay", "--all", "--error", "on purpose", "--yes"]);
    assert.equal(replayed.code, 0);
    assert.match(replayed.stderr, /^3 stanzas: given another chance/);
    assert.deepEqual(idsOf((await at.run(["dead", "list", "--json"])).stdout), ["inbox b", "outbox c"]);
    assert.equal((await at.run(["dead", "drop", "--all", "--yes"])).stderr, "2 stanzas: given up\n");
    const none = await at.run(["dead", "drop", "--all", "--yes"]);
    assert.deepEqual([none.code, none.stderr], [0, "nothing that was put aside is meant by that\n"]);
    await using store = await at.open();
    const waiting = await store.entries("inbox");
    assert.deepEqual(
      waiting.map(({ id }) => id),
      ["a0", "a1", "a2"],
      "in the order in which they came",
    );
  });

  test("--all goes through more than one page and one commit", async () => {
    await using at = await StoreFolder.with();
    {
      await using store = await at.open();
      const ids = Array.from({ length: 1_100 }, (_, number) => `n${String(number).padStart(4, "0")}`);
      await store.commit(
        ids.flatMap((id) => [
          { enqueue: { queue: "inbox", id, key: id, payload: { bot: "echo@bots.example.org", xml: "" } } },
          { bury: { queue: "inbox", id, error: CRASH } },
        ]),
      );
    }
    const list = await at.run(["dead", "list"]);
    assert.equal(list.stdout.trimEnd().split("\n").length, 1_101);
    assert.match((await at.run(["dead", "replay", "--all", "--yes"])).stderr, /^1,100 stanzas: given/);
    await using store = await at.open();
    assert.deepEqual(await store.counts("inbox"), { waiting: 1_100, dead: 0 });
  });

  test("a call that means nothing is refused with how to call it", async () => {
    await using at = await StoreFolder.with({ id: "a", error: CRASH });
    for (const [args, said] of [
      [["replay"], /say which to replay: ids, or --all/],
      [["drop", "a", "--all"], /give ids, or --all, not both/],
      [["drop", "a", "--bot", "echo"], /--bot and --error choose among --all/],
      [["list", "--queue", "timers"], /Allowed choices are inbox, outbox/],
    ] as const) {
      const { code, stderr } = await at.run(["dead", ...args]);
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.match(stderr, /^Usage: restanza dead /m);
    }
    assert.deepEqual(idsOf((await at.run(["dead", "list", "--json"])).stdout), ["inbox a"]);
  });
});
