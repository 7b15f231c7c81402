import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that is gone after the test. */
export class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "restanza-store-"));

  file(name = "store.sqlite"): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
