import { type Element, el } from "../stanza/index.ts";

/** XEP-0122: Data Forms Validation; also its feature. */
export const NS_VALIDATE = "http://jabber.org/protocol/xdata-validate";

/** How a value is checked beyond its datatype (XEP-0122 §3.2). */
export type ValidationMethod =
  | { readonly kind: "basic" }
  /** Of a list: other values than the options are welcome. */
  | { readonly kind: "open" }
  | { readonly kind: "range"; readonly min: string | undefined; readonly max: string | undefined }
  /** A POSIX extended regular expression: never run it on this side, where it may take for ever. */
  | { readonly kind: "regex"; readonly pattern: string };

/** What the value of a field has to be, for a client to check before it is sent. Nobody has to heed it: whoever takes the form checks again. */
export interface FieldValidation {
  /** Such as `xs:integer` or `xs:dateTime`; where nothing is said, `xs:string`. */
  readonly datatype: string;
  readonly method: ValidationMethod;
  /** Of a `list-multi`: how many values, at least and at most. */
  readonly listRange?: { readonly min: number | undefined; readonly max: number | undefined } | undefined;
}

/** What a field says about its values; a method that is not known is `basic`, as XEP-0122 §4.1 wants it. */
export function readValidation(field: Element): FieldValidation | undefined {
  const validate = field.child("validate", NS_VALIDATE);
  if (validate === undefined) return undefined;
  const range = validate.child("list-range");
  return {
    datatype: validate.attr("datatype") ?? "xs:string",
    method: readMethod(validate),
    listRange: range && { min: count(range.attr("min")), max: count(range.attr("max")) },
  };
}

function readMethod(validate: Element): ValidationMethod {
  for (const method of validate.elements) {
    if (method.is("open", NS_VALIDATE)) return { kind: "open" };
    if (method.is("range", NS_VALIDATE))
      return { kind: "range", min: method.attr("min"), max: method.attr("max") };
    if (method.is("regex", NS_VALIDATE)) return { kind: "regex", pattern: method.text };
  }
  return { kind: "basic" };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}

/** Says it, as a child of a field. */
export function buildValidation({ datatype, method, listRange }: FieldValidation): Element {
  return el(
    "validate",
    { xmlns: NS_VALIDATE, datatype },
    method.kind === "range"
      ? el("range", { min: method.min, max: method.max })
      : el(method.kind, {}, method.kind === "regex" && method.pattern),
    listRange !== undefined && el("list-range", { min: listRange.min, max: listRange.max }),
  );
}
