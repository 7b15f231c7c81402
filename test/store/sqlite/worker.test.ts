import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ROOT, run } from "../../cli/run.ts";
import { Folder } from "../support/folder.ts";

/** Commits something, reads it, and ends without closing the store, which must not keep the process. */
function script(folder: Folder, module: string): string {
  const file = folder.file("script.mjs");
  writeFileSync(
    file,
    `import { SqliteStore } from ${JSON.stringify(pathToFileURL(module))};
     const store = await SqliteStore.open({ file: ${JSON.stringify(folder.file())} });
     await store.commit([{ put: { collection: "c", key: "k", value: "kept" } }]);
     console.log((await store.get("c", "k")).value);`,
  );
  return file;
}

async function works(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(process.execPath, args);
  assert.deepEqual([code, stdout, stderr], [0, "kept\n", ""]);
}

describe("the thread of a SqliteStore", () => {
  const source = join(ROOT, "src/store/index.ts");

  it("runs from the sources under tsx", async () => {
    using folder = new Folder();
    await works(["--import", fileURLToPath(import.meta.resolve("tsx")), script(folder, source)]);
  });

  it("runs from the sources as Node reads them", async () => {
    using folder = new Folder();
    await works([script(folder, source)]);
  });

  it("runs from what is built", async () => {
    using folder = new Folder();
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const dist = folder.file("dist");
    writeFileSync(
      folder.file("tsconfig.json"),
      JSON.stringify({
        extends: join(ROOT, "tsconfig.build.json"),
        compilerOptions: {
          rootDir: join(ROOT, "src"),
          outDir: dist,
          typeRoots: [join(ROOT, "node_modules/@types")],
        },
        files: [source, join(ROOT, "src/store/sqlite/worker.ts")],
        include: [],
      }),
    );
    writeFileSync(folder.file("package.json"), '{ "type": "module" }');
    symlinkSync(join(ROOT, "node_modules"), folder.file("node_modules"));
    const built = await run(process.execPath, [tsc, "-p", folder.path]);
    assert.equal(built.code, 0, built.stdout);
    await works([script(folder, join(dist, "store/index.js"))]);
  });
});
