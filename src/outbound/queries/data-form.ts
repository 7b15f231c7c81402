import { type Element, el } from "../../stanza/index.ts";

/** XEP-0004: Data Forms. */
export const NS_DATA = "jabber:x:data";

/** One field of a form. */
export interface FormField {
  /** What identifies it; `undefined` for text that is only to be read. */
  readonly var: string | undefined;
  /** XEP-0004 §3.3; `text-single` where the form names none. */
  readonly type: string;
  readonly label: string | undefined;
  readonly required: boolean;
  readonly values: readonly string[];
  readonly options: readonly { readonly label: string | undefined; readonly value: string }[];
}

/** A form, or what was filled into one. */
export interface DataForm {
  readonly type: string;
  /** The value of `FORM_TYPE` (XEP-0068). */
  readonly formType: string | undefined;
  readonly title: string | undefined;
  readonly instructions: string | undefined;
  readonly fields: readonly FormField[];
}

/** Reads an `<x xmlns="jabber:x:data"/>`. */
export function readForm(x: Element): DataForm {
  const fields = x.childrenNamed("field").map(readField);
  return {
    type: x.attr("type") ?? "form",
    formType: fields.find((field) => field.var === "FORM_TYPE")?.values[0],
    title: x.childText("title"),
    instructions: x.childText("instructions"),
    fields,
  };
}

function readField(field: Element): FormField {
  return {
    var: field.attr("var"),
    type: field.attr("type") ?? "text-single",
    label: field.attr("label"),
    required: field.child("required") !== undefined,
    values: field.childrenNamed("value").map((value) => value.text),
    options: field.childrenNamed("option").map((option) => ({
      label: option.attr("label"),
      value: option.childText("value") ?? "",
    })),
  };
}

/** Fills in a form: the values of each field by its name. */
export function buildSubmit(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
  formType?: string,
): Element {
  return el(
    "x",
    { xmlns: NS_DATA, type: "submit" },
    formType !== undefined && el("field", { var: "FORM_TYPE", type: "hidden" }, el("value", {}, formType)),
    Object.entries(values).map(
      ([name, value]) =>
        value !== undefined &&
        el(
          "field",
          { var: name },
          (typeof value === "string" ? [value] : value).map((text) => el("value", {}, text)),
        ),
    ),
  );
}
