export { runEntry, type TimerPayload, timerName } from "./call.ts";
export { dueFailed, runDue } from "./due.ts";
export { setOwnTimer } from "./own-timers.ts";
export { TooManyTimersError } from "./pending.ts";
export { planSchedules } from "./plan.ts";
export { REMIND, type Reminder, type Reminders, remindersOf, setTimer } from "./reminders.ts";
export type { EveryOptions, Tick, TickHandler } from "./schedule.ts";
export { keptReply, type Remindable } from "./timer-data.ts";
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
