export { type CallbackMount, type CallbackOptions, callbackApp } from "./app.ts";
export { refuseBroken } from "./broken-request.ts";
export { CallbackCredentials } from "./credentials.ts";
export type { WireFormat } from "./decode.ts";
export { encodeAnswer } from "./encode.ts";
export { REFUSALS, Refusal, type RefusalReason, refuse } from "./refusal.ts";
export { type RequestLine, readRequestLine } from "./request-line.ts";
export { type Answer, respond } from "./respond.ts";
export { isSignatureKey, type SignatureOptions, SignatureVerifier } from "./signature.ts";
