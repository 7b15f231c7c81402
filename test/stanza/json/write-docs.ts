/** Writes the table of losses into docs/JSON.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { JSON_DOCS, withLosses } from "./losses-docs.ts";

writeFileSync(JSON_DOCS, withLosses(readFileSync(JSON_DOCS, "utf8")));
