import type { Element, Iq, Stanza } from "../../stanza/index.ts";
import type { FilterSpec } from "./spec.ts";

/** What the filters for requests promise. */
export interface RequestFilters {
  /** Any request: an IQ of type get or set. */
  iq: { readonly stanza: Iq; readonly payload: Element };
  /** A request for information. */
  "iq:get": { readonly stanza: Iq; readonly payload: Element };
  /** A request to change something. */
  "iq:set": { readonly stanza: Iq; readonly payload: Element };
}

/** A request whose payload is of a namespace, or is `{namespace}name`. */
export type PayloadFilter = `iq:${"get" | "set"}:${string}`;

/** @internal */
export const requestFilters: Readonly<Record<keyof RequestFilters, FilterSpec>> = {
  iq: { classes: ["iq-get", "iq-set"], parts: [], test: ({ stanza }) => isRequest(stanza) },
  "iq:get": {
    classes: ["iq-get"],
    parts: [],
    test: ({ stanza }) => stanza.element.attr("type") === "get" && isRequest(stanza),
  },
  "iq:set": {
    classes: ["iq-set"],
    parts: [],
    test: ({ stanza }) => stanza.element.attr("type") === "set" && isRequest(stanza),
  },
};

/** @internal Reads `iq:get:NAMESPACE`, `iq:set:{NAMESPACE}NAME` and the like. */
export function payloadFilter(filter: string): FilterSpec | undefined {
  const [, type, ns, name] =
    /^iq:(get|set):(?:\{([^{}]+)\}([^{}]+))$/.exec(filter) ?? /^iq:(get|set):([^{}]+)$/.exec(filter) ?? [];
  if (ns === undefined) return undefined;
  return {
    classes: [type === "get" ? "iq-get" : "iq-set"],
    parts: [`namespace ${ns}`, ...(name === undefined ? [] : [`payload ${name}`])],
    test: ({ stanza }) =>
      stanza.kind === "iq" &&
      stanza.type === type &&
      stanza.payload?.ns === ns &&
      (name === undefined || stanza.payload.name === name),
  };
}

/** An IQ whose payload the JSON of mod_rest has lost asks nothing that a handler could answer. */
function isRequest(stanza: Stanza): boolean {
  if (stanza.kind !== "iq" || stanza.payload === undefined) return false;
  return stanza.type === "get" || stanza.type === "set";
}
