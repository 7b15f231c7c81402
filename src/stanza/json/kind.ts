import type { JsonObject } from "./types.ts";

/** @internal What each key of a stanza without `kind` and `type` tells about its kind. */
export const IMPLIED_KINDS: Readonly<Record<string, "message" | "presence" | "iq">> = {
  disco: "iq",
  items: "iq",
  ping: "iq",
  version: "iq",
  command: "iq",
  archive: "iq",
  body: "message",
  html: "message",
  replace: "message",
  state: "message",
  subject: "message",
  thread: "message",
  join: "presence",
  priority: "presence",
  show: "presence",
  status: "presence",
};

const byType: Readonly<Record<string, "message" | "presence" | "iq">> = {
  get: "iq",
  set: "iq",
  result: "iq",
  normal: "message",
  chat: "message",
  headline: "message",
  groupchat: "message",
  available: "presence",
  unavailable: "presence",
  subscribe: "presence",
  unsubscribe: "presence",
  subscribed: "presence",
  unsubscribed: "presence",
};

/** @internal The kind that a `type` belongs to, if to one alone. */
export function kindOfType(type: string | undefined): "message" | "presence" | "iq" | undefined {
  return type !== undefined && Object.hasOwn(byType, type) ? byType[type] : undefined;
}

const archiveFilters = ["with", "start", "end", "before-id", "after-id"] as const;

/**
 * @internal The short form of an archive query (XEP-0313), `{"with": …, "start": …, "ids": …, "max": …}`, in the long one,
 * `{"form": …, "page": …}`; anything else as it is.
 */
export function expandArchive(
  archive: JsonObject,
  toNumber: (text: string) => number | undefined,
): JsonObject {
  if (archive["form"]) return archive;
  const long: Record<string, JsonObject[string]> = { ...archive };
  if ([...archiveFilters, "ids"].some((key) => archive[key])) {
    const { ids } = archive;
    const list = typeof ids === "string" ? ids.split(",").filter((id) => id !== "") : ids;
    long["form"] = {
      type: "submit",
      fields: [
        { var: "FORM_TYPE", values: ["urn:xmpp:mam:2"] },
        ...archiveFilters.map((name) => ({
          var: name,
          values: archive[name] === undefined ? [] : [archive[name]],
        })),
        { var: "ids", ...(list !== undefined && { values: list }) },
      ],
    };
    for (const name of [...archiveFilters, "ids"]) delete long[name];
  }
  if (archive["after"] || archive["before"] || archive["max"]) {
    const { max } = archive;
    const size = typeof max === "string" ? toNumber(max) : typeof max === "number" ? max : undefined;
    long["page"] = { after: archive["after"], before: archive["before"], max: size };
    for (const name of ["after", "before", "max"]) delete long[name];
  }
  return long;
}

/** @internal Whether Lua takes a value for true. */
export function luaTruthy(value: unknown): boolean {
  return value !== undefined && value !== false;
}
