export { backupSqliteStore } from "./backup.ts";
export type { SqliteStoreOptions } from "./options.ts";
export { SqliteStore } from "./sqlite-store.ts";
