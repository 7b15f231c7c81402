export { commandsOf } from "./collect.ts";
export {
  type Access,
  type Call,
  Command,
  type CommandDefinition,
  type CommandDescription,
  type CommandDialog,
  type CommandRun,
  command,
  type ReadArguments,
  type RestKey,
} from "./command.ts";
export { type DateReading, readDate } from "./dates.ts";
export { readDuration, writeDuration } from "./durations.ts";
export type { Field } from "./fields.ts";
export { arg, type Kind } from "./kinds.ts";
export { commandsOfBot } from "./neighbours.ts";
export type { Problem } from "./problems.ts";
export { helpOf, usageOf } from "./usage.ts";
export { type ReadingFor, readValue, writeValue } from "./values.ts";
export { quoteWord } from "./words.ts";
