import type { Element } from "../element.ts";
import { Jid } from "../jid.ts";
import { NS_CLIENT } from "../namespaces.ts";
import type { Stanza } from "../to-stanza.ts";
import { elementToJson } from "./element-to-json.ts";
import { errorToJson } from "./error.ts";
import { formToMap } from "./formdata.ts";
import { type Loss, LossLog } from "./loss-log.ts";
import { lastOobUrl } from "./oob.ts";
import { openPayload } from "./payload.ts";
import { SCHEMA } from "./schema.ts";
import { NS_DATA } from "./schema-common.ts";
import { specialOf } from "./specials.ts";
import type { JsonDraft, JsonStanza } from "./types.ts";

/** What JSON makes of a stanza. */
export interface StanzaJson {
  /** The JSON that mod_rest makes of the stanza. */
  readonly json: JsonStanza;
  /**
   * What of the stanza is not in `json`, and what mod_rest would not read out of it again. Where there is anything, send
   * XML. {@link LOSSES} tells about each. After 1000, only losses of a sort not seen before are added.
   */
  readonly lost: readonly Loss[];
}

/**
 * Maps a stanza into JSON as mod_rest does.
 *
 * Where mod_rest makes no JSON at all of a stanza (`effect: "stanza"` in {@link LOSSES}), `json` holds what is left
 * without the offending part. The order among children of different names is not kept and not counted as a loss; nor is
 * white space within the JSON of a `payload`.
 *
 * @example
 * ```ts
 * import { message, stanzaToJson, writeXml } from "restanza/stanza";
 *
 * const reply = message({ type: "chat", body: "Hello" });
 * const { json, lost } = stanzaToJson(reply);
 * const body = lost.length === 0 ? JSON.stringify(json) : writeXml(reply.element);
 * ```
 */
export function stanzaToJson(stanza: Stanza): StanzaJson {
  const { kind, element } = stanza;
  const log = new LossLog();
  const json: JsonDraft = { kind };
  const isError = element.attr("type") === "error";
  elementToJson(json, element, SCHEMA[kind], log, (child) =>
    isError ? child.is("error", NS_CLIENT) : specialToJson(json, child, log),
  );
  addressesToJson(json, log);
  if (isError) {
    json["error"] = errorToJson(element, log);
    loseInErrors(json, log);
  } else {
    if (kind === "presence") json["type"] ??= "available";
    if (kind === "message" && json["oob"] !== undefined) lastOobUrl(json, element, log);
    if (json["payload"] !== undefined) openPayload(json["payload"] as JsonDraft, log);
    if (json["type"] === undefined && (json["archive"] ?? json["command"]) !== undefined)
      log.add("archive-type", "@type");
  }
  log.under(0, kind);
  return { json: json as unknown as JsonStanza, lost: log.losses };
}

function specialToJson(json: JsonDraft, child: Element, log: LossLog): boolean {
  const special = specialOf(child.name, child.ns);
  if (special === undefined) {
    if (child.ns === NS_DATA) json["formdata"] = formToMap(child);
    return false;
  }
  if (json[special.key] !== undefined) log.add("repeated");
  const value = special.toJson(child, log);
  if (value === undefined) delete json[special.key];
  else json[special.key] = value;
  return true;
}

// What nearly every address is made of; none of it changes when an address is prepared.
const plainAddress = /^(?:[a-z0-9._-]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\/[\w.@=+-]+)?$/;

function addressesToJson(json: JsonDraft, log: LossLog): void {
  for (const key of ["to", "from"]) {
    const address = json[key];
    if (typeof address !== "string" || plainAddress.test(address)) continue;
    const prepared = prepare(address);
    if (prepared === undefined) log.add("address-invalid", `@${key}`);
    else if (prepared !== address) {
      log.add("address-spelling", `@${key}`);
      json[key] = prepared;
    }
  }
  if (json["from"] !== undefined && json["to"] === undefined) log.add("from-alone", "@from");
}

function prepare(address: string): string | undefined {
  try {
    return Jid.parse(address).toString();
  } catch {
    return undefined;
  }
}

/** What mod_rest reads out of an error: of an IQ nothing but the error itself, of others nothing at all. */
function loseInErrors(json: JsonDraft, log: LossLog): void {
  if (json["kind"] !== "iq") log.add("error-type", "error");
  for (const key in json) if (!inErrors.includes(key)) log.add("error-rest", key);
  const { by } = json["error"] as JsonDraft;
  if (by !== undefined && by === json["from"]) log.add("error-rest", "error/@by");
}

const inErrors: readonly string[] = ["kind", "type", "to", "from", "id", "error"];
