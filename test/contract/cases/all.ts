import type { ContractCase } from "../support/contract-case.ts";
import { callbackCases } from "./callbacks.ts";
import { copyCases } from "./copies.ts";
import { credentialCases } from "./credentials.ts";
import { jsonCases } from "./json.ts";
import { moderationCases } from "./moderation.ts";
import { moduleCases } from "./modules.ts";
import { refusalCases } from "./refusals.ts";
import { replyCases } from "./replies.ts";
import { requestCases } from "./requests.ts";
import { roomCases } from "./rooms.ts";
import { sendingCases } from "./sending.ts";
import { subscriptionCases } from "./subscriptions.ts";

/** The whole contract, by the file that holds each part. */
export const CONTRACT: Readonly<Record<string, readonly ContractCase[]>> = {
  callbacks: callbackCases,
  replies: replyCases,
  copies: copyCases,
  rooms: roomCases,
  moderation: moderationCases,
  sending: sendingCases,
  requests: requestCases,
  refusals: refusalCases,
  subscriptions: subscriptionCases,
  credentials: credentialCases,
  json: jsonCases,
  modules: moduleCases,
};
