export type { Broadcast, BroadcastOptions, Recipients } from "./broadcast.ts";
export type { OutboxCounters, OutboxStatus } from "./counters.ts";
export type { OnEnd, OutboxClient, OutboxOptions, OutboxSendOptions } from "./options.ts";
export { type EnqueueOptions, Outbox } from "./outbox.ts";
export type { MountPace, Pace } from "./pace.ts";
export { Pacer } from "./pacer.ts";
export type { Posted } from "./waiter.ts";
