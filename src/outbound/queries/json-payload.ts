import { el, type Jid, StanzaError } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** XEP-0432: Simple JSON Messaging. */
export const NS_JSON_MESSAGE = "urn:xmpp:json-msg:0";

/** XEP-0335: JSON Containers. */
export const NS_JSON = "urn:xmpp:json:0";

/** JSON and the name of its kind. */
export interface JsonPayload {
  /** A URI that tells what the data mean. */
  readonly datatype: string;
  readonly data: unknown;
}

/** XEP-0432 §4.2. */
export async function askJson(
  client: Requester,
  jid: string | Jid,
  { datatype, data }: JsonPayload,
  options: QueryOptions,
): Promise<JsonPayload> {
  const payload = el(
    "payload",
    { xmlns: NS_JSON_MESSAGE, datatype },
    el("json", { xmlns: NS_JSON }, JSON.stringify(data)),
  );
  const answer = await ask(client, "get", jid, payload, options);
  const json = answer.childText("json", NS_JSON);
  if (json === undefined) throw noPayload("json", NS_JSON);
  return { datatype: answer.attr("datatype") ?? "", data: parse(json) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new StanzaError("undefined-condition", { text: "The result holds something that is no JSON" });
  }
}
