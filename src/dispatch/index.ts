export { APOLOGY, TIMEOUT_APOLOGY } from "./apology.ts";
export type { Arrival } from "./arrival.ts";
export { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
export { explanation } from "./explanation.ts";
export { BotGate, type GateOptions } from "./gate.ts";
export { HandlerTimeoutError } from "./handler-timeout.ts";
export { LaneFullError, type LaneLimits } from "./lanes.ts";
export { Mount, type MountedBot, type MountRoles, type RemoteBot } from "./mount.ts";
export type { Outcome } from "./outcome.ts";
