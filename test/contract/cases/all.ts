import type { ContractCase } from "../support/contract-case.ts";
import { callbackCases } from "./callbacks.ts";
import { credentialCases } from "./credentials.ts";
import { jsonCases } from "./json.ts";
import { moduleCases } from "./modules.ts";
import { replyCases } from "./replies.ts";
import { roomCases } from "./rooms.ts";
import { sendingCases } from "./sending.ts";

/** The whole contract, by the file that holds each part. */
export const CONTRACT: Readonly<Record<string, readonly ContractCase[]>> = {
  callbacks: callbackCases,
  replies: replyCases,
  rooms: roomCases,
  sending: sendingCases,
  credentials: credentialCases,
  json: jsonCases,
  modules: moduleCases,
};
