/** Commits to the store in a file until it is killed. */
import { SqliteStore } from "../../../src/store/index.ts";
import { commitForever } from "../support/commit-forever.ts";

await commitForever(await SqliteStore.open({ file: process.argv[2] ?? "" }));
