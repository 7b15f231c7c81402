export { Course } from "./course.ts";
export { botHandle, type Surroundings, type Wiring } from "./handle.ts";
export { LocalBot, type LocalBotOptions } from "./local-bot.ts";
