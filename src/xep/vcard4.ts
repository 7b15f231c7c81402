import { type Element, el } from "../stanza/index.ts";

/** XEP-0292: vCard4 over XMPP; also its feature. */
export const NS_VCARD4 = "urn:ietf:params:xml:ns:vcard-4.0";

/** XEP-0292: the PEP node of somebody's vCard. */
export const NODE_VCARD4 = "urn:xmpp:vcard4";

/** A value, and of which type it is: `text`, `uri`, `date`; or which part of a name or an address. */
export interface VCard4Value {
  /** `undefined` where that is not said. */
  readonly type: string | undefined;
  readonly text: string;
}

/** One property of RFC 6350. */
export interface VCard4Property {
  /** In lower case, as RFC 6351 has it: `fn`, `nickname`, `note`. */
  readonly name: string;
  /** In which way it is meant, such as `type` and `pref`. */
  readonly parameters?: Readonly<Record<string, readonly VCard4Value[]>> | undefined;
  readonly values: readonly VCard4Value[];
}

/** Reads a vCard, property by property. */
export function readVCard4(vcard: Element): VCard4Property[] {
  return vcard.elements.map((property) => {
    const parameters = property.child("parameters");
    const values = property.elements.filter((child) => child !== parameters);
    return {
      name: property.name,
      ...(parameters && {
        parameters: Object.fromEntries(
          parameters.elements.map((parameter) => [parameter.name, readValues(parameter)]),
        ),
      }),
      values: values.map(readValue),
    };
  });
}

/**
 * Makes a vCard.
 *
 * @throws TypeError when a name cannot stand in XML.
 * @example
 * ```ts
 * import { buildVCard4 } from "restanza/xep";
 *
 * buildVCard4([
 *   { name: "fn", values: [{ type: "text", text: "Juliet Capulet" }] },
 *   { name: "url", values: [{ type: "uri", text: "https://capulet.example/juliet" }] },
 * ]);
 * ```
 */
export function buildVCard4(properties: readonly VCard4Property[]): Element {
  return el(
    "vcard",
    { xmlns: NS_VCARD4 },
    properties.map(({ name, parameters, values }) =>
      el(
        name,
        {},
        parameters &&
          el(
            "parameters",
            {},
            Object.entries(parameters).map(([parameter, each]) => el(parameter, {}, each.map(buildValue))),
          ),
        values.map(buildValue),
      ),
    ),
  );
}

function readValues(element: Element): VCard4Value[] {
  const { elements } = element;
  return elements.length > 0 ? elements.map(readValue) : [{ type: undefined, text: element.text }];
}

function readValue(element: Element): VCard4Value {
  return { type: element.name, text: element.text };
}

function buildValue({ type, text }: VCard4Value): Element | string {
  return type === undefined ? text : el(type, {}, text);
}
