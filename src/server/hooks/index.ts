export { type BotWeb, botWeb } from "./bot-web.ts";
export { type FoundWeb, type HooksOptions, hooksApp } from "./hooks-app.ts";
export { type HookSecret, type StandardWebhooksOptions, verify } from "./verify.ts";
export { type WebConfig, webFields } from "./web-config.ts";
