export { ModRestDouble } from "./double.ts";
export type {
  CallbackOptions,
  CarriedOptions,
  ModRestDoubleOptions,
  ProsodyVersion,
  RestComponentOptions,
  VirtualHostOptions,
} from "./options.ts";
export { type ModRestUser, type NextOptions, NothingArrivedError } from "./user.ts";
