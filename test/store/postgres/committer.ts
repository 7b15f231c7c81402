/** Commits to the store in a database until it is killed. */
import { PostgresStore } from "../../../src/store/index.ts";
import { commitForever } from "../support/commit-forever.ts";

await commitForever(await PostgresStore.open({ url: process.argv[2] ?? "" }));
