export * from "./double/index.ts";
