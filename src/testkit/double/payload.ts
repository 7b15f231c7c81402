import { type Element, el, NS_CLIENT, readXml, stanzaToJson } from "../../stanza/index.ts";
import { ModRestCrash, ModRestRefusal, readAsModRest } from "../json-quirks.ts";
import { decodeForm, encodeForm } from "./form.ts";
import { amendFromPath } from "./path.ts";
import { writeAsProsody } from "./prosody-xml.ts";
import { viewOf } from "./view.ts";

/** The content types that mod_rest writes. */
export type OutputType = "application/xmpp+xml" | "application/json" | "application/x-www-form-urlencoded";

/** The content types that mod_rest reads, in the order in which its `Accept` header names them. */
export const INPUT_TYPES = [
  "application/xmpp+xml",
  "application/json",
  "application/x-www-form-urlencoded",
  "text/plain",
] as const;

const OUTPUT_TYPES: readonly OutputType[] = [
  "application/xmpp+xml",
  "application/json",
  "application/x-www-form-urlencoded",
];

/** Thrown when mod_rest would refuse a payload. */
export class PayloadError extends Error {
  override name = "PayloadError";
  /** `type`: the content type is not one of {@link INPUT_TYPES}; `parse`: anything else. */
  readonly reason: "type" | "parse";

  constructor(reason: "type" | "parse", message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** A stanza as mod_rest holds it right after parsing. */
export interface Payload {
  readonly element: Element;
  /**
   * Whether the root named its namespace itself. Prosody then sees the children in `jabber:client` spelled out, where
   * its own look-ups (`get_child("error")`) expect none, and miss them.
   */
  readonly namesNamespace: boolean;
}

/**
 * Reads a body as mod_rest's `parse` does.
 *
 * @param path what followed `/rest/`; JSON, form and text bodies obey it, XML ignores it.
 * @throws {@link PayloadError}
 * @throws ModRestCrash when mod_rest's own code fails over it.
 */
export function parsePayload(contentType: string | undefined, body: string, path?: string): Payload {
  const type = contentType === undefined ? undefined : /^[^; ]*/.exec(contentType)?.[0];
  switch (type) {
    case "application/xmpp+xml":
      return parseXml(body);
    case "application/json":
      return fromJson(parseJson(body), path);
    case "application/x-www-form-urlencoded": {
      const form = decodeForm(body);
      if (typeof form !== "string") return fromJson(form, path);
      if (path !== undefined) throw new PayloadError("parse", "invalid-query");
      return parseText(form, undefined);
    }
    case "text/plain":
      return parseText(body, path);
    case undefined:
      if (path !== undefined) return fromJson({}, path);
  }
  throw new PayloadError("type", "unknown-payload-type");
}

/**
 * Writes a stanza, or the `<xmpp/>` around several, for the wire as mod_rest's `encode` does.
 *
 * @returns `undefined` where mod_rest makes nothing of it.
 * @throws ModRestCrash when mod_rest's own code fails over it.
 */
export function encodePayload(type: OutputType, element: Element): string | undefined {
  if (type === "application/xmpp+xml") return writeAsProsody(element);
  const parts = (element.name === "xmpp" ? element.elements : [element]).map(toJson);
  const [first] = parts;
  if (first === undefined || parts.includes(undefined)) return undefined;
  const json = element.name === "xmpp" ? { xmpp: parts } : first;
  if (type !== "application/json") return encodeForm(json);
  // What Lua's "%g" makes of an infinite number is no JSON.
  return JSON.stringify(json).replaceAll(`"${INFINITE}"`, "inf");
}

const INFINITE = "restanza:inf";

function toJson(element: Element): Readonly<Record<string, unknown>> | undefined {
  const { json, lost } = stanzaToJson(viewOf(element));
  const ids = lost.map(({ id }) => id);
  if (ids.includes("payload-json")) return undefined;
  if (ids.includes("disco-form-type")) throw new ModRestCrash("table index is nil");
  return ids.includes("number-infinite") ? { ...json, priority: INFINITE } : { ...json };
}

/** The output type that an `Accept` header names first; quality values mean nothing to mod_rest. */
export function decideType<T extends string>(accept: string, supported: readonly [T, ...T[]]): T {
  const place = (type: string) => {
    const index = accept.indexOf(type);
    return index === -1 ? 1000 : index + 1;
  };
  return supported.reduce((best, type) => (place(type) < place(best) ? type : best));
}

/** The output type for an `Accept` header. */
export function decideOutput(accept: string): OutputType {
  return decideType(accept, OUTPUT_TYPES as readonly [OutputType, ...OutputType[]]);
}

function parseXml(body: string): Payload {
  try {
    return {
      // Expat reads a declaration; our own reader, made for what comes over a stream, does not.
      element: readXml(body.replace(/^<\?xml\s[^>]*\?>/, "")),
      namesNamespace: /^(?:\s|<\?[^>]*\?>)*<[^\s/>]+(?:\s[^>]*)?\sxmlns\s*=/.test(body),
    };
  } catch (error) {
    throw new PayloadError("parse", "the body is not well-formed XML", error);
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new PayloadError("parse", "the body is not JSON", error);
  }
}

function parseText(text: string, path: string | undefined): Payload {
  if (path === undefined) {
    const message = el("message", { xmlns: NS_CLIENT, type: "chat" }, el("body", {}, text));
    return { element: message, namesNamespace: false };
  }
  const payload = amended({}, path);
  if (payload["kind"] === "message") return fromJson({ ...payload, body: text });
  if (payload["kind"] === "presence") return fromJson({ ...payload, show: text });
  throw new PayloadError("parse", "invalid-path");
}

function amended(payload: unknown, path: string): Record<string, unknown> {
  const table = typeof payload === "object" && payload !== null ? payload : {};
  const result = amendFromPath(table as Record<string, unknown>, path);
  if (result === undefined) throw new PayloadError("parse", "invalid-path");
  return result;
}

function fromJson(json: unknown, path?: string): Payload {
  try {
    return { element: readAsModRest(path === undefined ? json : amended(json, path)), namesNamespace: false };
  } catch (error) {
    if (error instanceof ModRestRefusal) throw new PayloadError("parse", error.message, error);
    throw error;
  }
}
