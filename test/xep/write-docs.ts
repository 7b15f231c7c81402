/** Writes the table of extensions into docs/XEPS.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { withExtensions, XEPS_DOCS } from "./xeps-docs.ts";

writeFileSync(XEPS_DOCS, await withExtensions(readFileSync(XEPS_DOCS, "utf8")));
