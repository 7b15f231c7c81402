import { type Stanza, stanzaToJson, writeXml } from "../stanza/index.ts";
import { MEDIA_TYPES, type WireFormat } from "./decode.ts";
import type { Answer } from "./respond.ts";

/**
 * Puts an answer into HTTP.
 *
 * In the format of the callback where that carries it whole, else in XML, which mod_rest takes whatever it sent: its JSON loses
 * much, and a form cannot even hold a nested value.
 *
 * @param lasting whether the connection may carry another callback.
 * @throws XmlWriteError when the stanza holds what XML cannot carry.
 */
export function encodeAnswer({ status, stanza }: Answer, format: WireFormat, lasting: boolean): Response {
  const headers: Record<string, string> = lasting ? {} : { connection: "close" };
  if (stanza === undefined) {
    if (status !== 204) headers["content-length"] = "0";
    return new Response(null, { status, headers });
  }
  const json = format === "json" ? losslessJson(stanza) : undefined;
  headers["content-type"] = json === undefined ? MEDIA_TYPES.xml : MEDIA_TYPES.json;
  return new Response(json ?? writeXml(stanza.element), { status, headers });
}

function losslessJson(stanza: Stanza): string | undefined {
  const { json, lost } = stanzaToJson(stanza);
  return lost.length === 0 ? JSON.stringify(json) : undefined;
}
