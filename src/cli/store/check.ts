import { nameOfStore } from "../../server/index.ts";
import { checkSqliteStore, SqliteStore } from "../../store/index.ts";
import { complain, jsonText, print, printable } from "../output.ts";
import { type ConfigFile, withStore } from "../with-store.ts";
import { figuresOf } from "./figures.ts";
import { asJson, figuresTable } from "./stats.ts";

/** Looks whether a store is there, whole, and of this restanza; the status is 1 where it is not. */
export async function checkStore(configFile: ConfigFile, json: boolean): Promise<void> {
  await withStore(configFile, async (store, location) => {
    const name = nameOfStore(location);
    const problems = store instanceof SqliteStore ? checkSqliteStore(store.file) : [];
    if (json) {
      print(jsonText({ ...asJson(name, await figuresOf(store)), problems }, 2));
      if (problems.length > 0) process.exitCode = 1;
      return;
    }
    if (problems.length > 0) {
      for (const problem of problems) complain(printable(`  • ${problem}`));
      return complain(
        `${name} is damaged. Back it up as it is, stop restanza, and put the last good backup in its place`,
      );
    }
    print(`${name} is there and ${store instanceof SqliteStore ? "whole" : "of this restanza's schema"}.`);
    print(figuresTable(await figuresOf(store)));
  });
}
