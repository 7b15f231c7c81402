import { after, describe } from "node:test";
import { SqliteStore } from "../../../src/store/index.ts";
import { conformance } from "../conformance.ts";
import { Folder } from "../support/folder.ts";

describe("SqliteStore", () => {
  const folder = new Folder();
  let count = 0;
  after(() => folder[Symbol.dispose]());
  conformance((options) => {
    count += 1;
    return SqliteStore.open({ ...options, file: folder.file(`${count}.sqlite`) });
  });
});
