export { runEntry, type TimerPayload, timerName } from "./call.ts";
export { dueFailed, runDue } from "./due.ts";
export { TooManyTimersError } from "./pending.ts";
export { planSchedules } from "./plan.ts";
export { type Reminder, type Reminders, remindersOf, setTimer } from "./reminders.ts";
export type { EveryOptions, Tick, TickHandler } from "./schedule.ts";
export {
  type DueTimer,
  type Timed,
  type TimedRoutes,
  type TimerHandler,
  TimerSet,
  type Timetable,
  timetable,
} from "./timer-set.ts";
export type { When } from "./when.ts";
