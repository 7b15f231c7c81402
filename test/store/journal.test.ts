import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type JournalEntry, MemoryJournal } from "../../src/store/index.ts";

const entry = (id: string): JournalEntry => ({ id, bot: "echo@bots.example", xml: "<message/>", since: 0 });

describe("MemoryJournal", () => {
  it("holds what is not handled yet, oldest first", () => {
    const journal = new MemoryJournal();
    for (const id of ["b", "a", "c"]) journal.add(entry(id));
    journal.done("a");
    journal.done("unknown");
    assert.deepEqual([...journal.pending()], [entry("b"), entry("c")]);
    journal.done("b");
    journal.done("c");
    assert.deepEqual([...journal.pending()], []);
  });
});
