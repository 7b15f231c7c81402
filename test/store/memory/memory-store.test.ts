import { describe } from "node:test";
import { MemoryStore } from "../../../src/store/index.ts";
import { conformance } from "../conformance.ts";

describe("MemoryStore", () => conformance(async (options) => new MemoryStore(options)));
