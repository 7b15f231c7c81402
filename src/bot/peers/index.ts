export { BoundedMap } from "./bounded-map.ts";
export { Peers, type PeersOptions } from "./peers.ts";
