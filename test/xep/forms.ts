import type { DataForm, FieldInit, FormField, FormInit } from "../../src/xep/index.ts";

/** A field as it is read, of what an example says about it. */
export function field(init: FieldInit): FormField {
  return {
    var: undefined,
    type: undefined,
    label: undefined,
    description: undefined,
    required: false,
    values: [],
    options: [],
    validation: undefined,
    media: undefined,
    ...init,
  } as FormField;
}

/** A form as it is read, of what an example says. */
export function form({ type = "form", fields = [], reported = [], items = [], ...rest }: FormInit): DataForm {
  return {
    type,
    formType: fields.find((each) => each.var === "FORM_TYPE")?.values?.[0],
    title: undefined,
    instructions: undefined,
    ...rest,
    fields: fields.map(field),
    reported: reported.map(field),
    items: items.map((item) => item.map(field)),
  } as DataForm;
}
