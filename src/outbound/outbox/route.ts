import type { Clock } from "../../store/index.ts";
import { Circuit } from "./circuit.ts";
import type { OutboxClient } from "./options.ts";
import { type MountPace, ROOM_PACE } from "./pace.ts";
import { Pacer } from "./pacer.ts";
import { Ready } from "./ready.ts";
import type { Waiter } from "./waiter.ts";

/** @internal The way through one Prosody. */
export class Route {
  readonly domain: string;
  /** `undefined` where there is no mount for the domain any more. */
  readonly client: OutboxClient | undefined;
  readonly circuit: Circuit;
  readonly ready: Ready = new Ready();
  readonly waiters: Set<Waiter> = new Set();
  /** Conversations that stay in the store until Prosody is back. */
  readonly parked: Set<string> = new Set();
  /** Of all stanzas, under the one key `""`. */
  readonly pacer: Pacer;
  /** Of the messages to each room, under the key of its conversation. */
  readonly roomPacer: Pacer;
  inFlight = 0;
  /** Whether it waits so that its pace is kept. */
  pacing = false;

  constructor(
    domain: string,
    client: OutboxClient | undefined,
    { all, room = ROOM_PACE }: MountPace,
    clock: Clock,
    onProbe: () => void,
  ) {
    this.domain = domain;
    this.client = client;
    this.pacer = new Pacer(all);
    this.roomPacer = new Pacer(room || undefined);
    this.circuit = new Circuit(clock, onProbe);
  }

  /** Whether anything can leave by it soon. */
  get passable(): boolean {
    return this.client !== undefined && this.circuit.admits;
  }

  /** Nobody waits any longer: all is in the store, and goes out when it can. */
  releaseAll(): void {
    for (const waiter of this.waiters) waiter.queued();
  }

  /** Nobody waits any longer for this conversation. */
  release(key: string): void {
    for (const waiter of this.waiters) if (waiter.key === key) waiter.queued();
  }

  /** Begins anew: nothing is ready, and whether Prosody is there is not known. */
  reset(): void {
    this.circuit.close();
    this.ready.clear();
    this.pacing = false;
  }
}
