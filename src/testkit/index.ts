export * from "./double/index.ts";
export * from "./fixture/index.ts";
export { ModRestCrash, ModRestRefusal, readAsModRest } from "./json-quirks.ts";
export * from "./testbed/index.ts";
