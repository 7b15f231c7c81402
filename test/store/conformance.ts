import type { Store, StoreOptions } from "../../src/store/index.ts";
import { commitConformance } from "./conformance/commits.ts";
import { historyConformance } from "./conformance/histories.ts";
import { queueConformance } from "./conformance/queues.ts";
import { recordConformance } from "./conformance/records.ts";

/** Opens an empty store. */
export type OpenStore = (options?: StoreOptions) => Promise<Store>;

/** What every engine has to do alike. */
export function conformance(open: OpenStore): void {
  recordConformance(open);
  queueConformance(open);
  commitConformance(open);
  historyConformance(open);
}
