import { type Element, el } from "../stanza/index.ts";

/** XEP-0092: Software Version; also its feature. */
export const NS_VERSION = "jabber:iq:version";

/** What software an entity runs. */
export interface SoftwareVersion {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly os: string | undefined;
}

/** Reads the answer to {@link buildVersionRequest}. */
export function readVersion(query: Element): SoftwareVersion {
  return { name: query.childText("name"), version: query.childText("version"), os: query.childText("os") };
}

/** Asks what software an entity runs (XEP-0092 §3). */
export function buildVersionRequest(): Element {
  return el("query", { xmlns: NS_VERSION });
}

/** Tells what software an entity runs. */
export function buildVersion({ name, version, os }: SoftwareVersion): Element {
  return el(
    "query",
    { xmlns: NS_VERSION },
    name !== undefined && el("name", {}, name),
    version !== undefined && el("version", {}, version),
    os !== undefined && el("os", {}, os),
  );
}
