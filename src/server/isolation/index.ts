export { IsolatedBots, type IsolationOptions } from "./isolated-bots.ts";
