import { type Element, el } from "../stanza/index.ts";
import { buildMedia, type FieldMedia, readMedia } from "./form-media.ts";
import { buildValidation, type FieldValidation, readValidation } from "./form-validation.ts";

/** XEP-0004: Data Forms; also its feature. */
export const NS_DATA = "jabber:x:data";

/** What a form is for (XEP-0004 §3.1): to be filled in, filled in, called off, or an answer. */
export type FormType = "form" | "submit" | "cancel" | "result";

/** What a field holds (XEP-0004 §3.3). */
export type FieldType =
  | "boolean"
  | "fixed"
  | "hidden"
  | "jid-multi"
  | "jid-single"
  | "list-multi"
  | "list-single"
  | "text-multi"
  | "text-private"
  | "text-single";

/** One of the values that a list offers. */
export interface FieldOption {
  readonly label?: string | undefined;
  readonly value: string;
}

/** One field of a form. */
export interface FormField {
  /** What identifies it; `undefined` for text that is only to be read. */
  readonly var: string | undefined;
  /** `undefined` where the form does not say: `text-single` in a form to fill in, what was asked for in an answer. */
  readonly type: FieldType | undefined;
  readonly label: string | undefined;
  /** More about it, for people. */
  readonly description: string | undefined;
  readonly required: boolean;
  /** Of a `text-multi`, its lines. */
  readonly values: readonly string[];
  /** Of a list. */
  readonly options: readonly FieldOption[];
  /** What its values have to be (XEP-0122). */
  readonly validation: FieldValidation | undefined;
  /** What is shown or played with it (XEP-0221). */
  readonly media: FieldMedia | undefined;
}

/** A form, or what was filled into one. */
export interface DataForm {
  readonly type: FormType;
  /** The value of `FORM_TYPE` (XEP-0068). */
  readonly formType: string | undefined;
  readonly title: string | undefined;
  /** Each paragraph a line. */
  readonly instructions: string | undefined;
  readonly fields: readonly FormField[];
  /** The columns of a table (XEP-0004 §3.4). */
  readonly reported: readonly FormField[];
  /** The rows of a table. */
  readonly items: readonly (readonly FormField[])[];
}

/** A field to be built; what is left out is not said. */
export type FieldInit = { readonly [Key in keyof FormField]?: FormField[Key] | undefined };

/** A form to be built. `FORM_TYPE` may be among the fields, or given as `formType`. */
export interface FormInit {
  /** Default `form`. */
  readonly type?: FormType | undefined;
  readonly formType?: string | undefined;
  readonly title?: string | undefined;
  readonly instructions?: string | undefined;
  readonly fields?: readonly FieldInit[] | undefined;
  readonly reported?: readonly FieldInit[] | undefined;
  readonly items?: readonly (readonly FieldInit[])[] | undefined;
}

/** Reads an `<x xmlns="jabber:x:data"/>`. A type of field that is not known is `text-single`, as XEP-0004 §3.3 wants it. */
export function readDataForm(x: Element): DataForm {
  const fields = x.childrenNamed("field").map(readField);
  const instructions = x.childrenNamed("instructions").map(({ text }) => text.trim());
  return {
    type: FORM_TYPES.find((type) => type === x.attr("type")) ?? "form",
    formType: fields.find((field) => field.var === "FORM_TYPE")?.values[0],
    title: x.childText("title"),
    instructions: instructions.length === 0 ? undefined : instructions.join("\n"),
    fields,
    reported: x.child("reported")?.childrenNamed("field").map(readField) ?? [],
    items: x.childrenNamed("item").map((item) => item.childrenNamed("field").map(readField)),
  };
}

/** What each field of a form holds, by its name. */
export function formValues({ fields }: Pick<DataForm, "fields">): ReadonlyMap<string, readonly string[]> {
  return new Map(fields.flatMap(({ var: name, values }) => (name === undefined ? [] : [[name, values]])));
}

function readField(field: Element): FormField {
  const type = field.attr("type");
  return {
    var: field.attr("var"),
    type: type === undefined ? undefined : (FIELD_TYPES.find((known) => known === type) ?? "text-single"),
    label: field.attr("label"),
    description: field.childText("desc"),
    required: field.child("required") !== undefined,
    values: field.childrenNamed("value").map((value) => value.text),
    options: field.childrenNamed("option").map((option) => ({
      label: option.attr("label"),
      value: option.childText("value") ?? "",
    })),
    validation: readValidation(field),
    media: readMedia(field),
  };
}

/**
 * Makes a form.
 *
 * @example
 * ```ts
 * import { buildDataForm } from "restanza/xep";
 *
 * buildDataForm({
 *   title: "Weather",
 *   fields: [{ var: "city", type: "text-single", label: "City", required: true }],
 * });
 * ```
 */
export function buildDataForm(form: FormInit): Element {
  const { type = "form", formType, title, instructions, fields = [], reported = [], items = [] } = form;
  const named = fields.some((field) => field.var === "FORM_TYPE");
  return el(
    "x",
    { xmlns: NS_DATA, type },
    title !== undefined && el("title", {}, title),
    instructions?.split("\n").map((line) => el("instructions", {}, line)),
    formType !== undefined && !named && buildFormType(formType),
    fields.map(buildField),
    reported.length > 0 && el("reported", {}, reported.map(buildField)),
    items.map((item) => el("item", {}, item.map(buildField))),
  );
}

/** Fills in a form: the values of each field by its name. */
export function buildSubmit(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
  formType?: string,
): Element {
  const fields = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ var: name, values: typeof value === "string" ? [value] : value }],
  );
  return buildDataForm({ type: "submit", formType, fields });
}

function buildFormType(formType: string): Element {
  return el("field", { var: "FORM_TYPE", type: "hidden" }, el("value", {}, formType));
}

function buildField(field: FieldInit): Element {
  const { type, label, description, required, values = [], options = [], validation, media } = field;
  return el(
    "field",
    { var: field.var, type, label },
    description !== undefined && el("desc", {}, description),
    required === true && el("required"),
    values.map((value) => el("value", {}, value)),
    options.map((option) => el("option", { label: option.label }, el("value", {}, option.value))),
    validation && buildValidation(validation),
    media && buildMedia(media),
  );
}

const FORM_TYPES: readonly FormType[] = ["form", "submit", "cancel", "result"];

const FIELD_TYPES: readonly FieldType[] = [
  "boolean",
  "fixed",
  "hidden",
  "jid-multi",
  "jid-single",
  "list-multi",
  "list-single",
  "text-multi",
  "text-private",
  "text-single",
];
