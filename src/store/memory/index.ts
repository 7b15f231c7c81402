export { MemoryNode } from "./memory-node.ts";
export { MemoryStore } from "./memory-store.ts";
export { SharedMemory, type SharedMemoryOptions } from "./shared-memory.ts";
