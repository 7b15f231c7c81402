export { backupSqliteStore } from "./backup.ts";
export { checkSqliteStore } from "./check.ts";
export type { SqliteStoreOptions } from "./options.ts";
export { SqliteStore } from "./sqlite-store.ts";
