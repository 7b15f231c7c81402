import { readdirSync } from "node:fs";
import type { Goldens } from "./golden.ts";

const folder = new URL("./goldens/", import.meta.url);

/** The golden pairs of all extensions, in the order of their numbers. */
export async function allGoldens(): Promise<Goldens[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort();
  return await Promise.all(
    files.map(async (file) => {
      const { default: goldens } = (await import(new URL(file, folder).href)) as { default?: Goldens };
      if (goldens === undefined || file !== `${goldens.xep}.ts`)
        throw new Error(`${file} has to export goldens of the extension that it is named after, by default`);
      return goldens;
    }),
  );
}
