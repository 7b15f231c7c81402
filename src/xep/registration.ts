import { type Element, el } from "../stanza/index.ts";
import { buildDataForm, type FormInit, NS_DATA, readDataForm } from "./data-forms.ts";
import { NS_OOB } from "./oob.ts";

/** XEP-0077: In-Band Registration; also its feature. */
export const NS_REGISTER = "jabber:iq:register";

/** The fields that XEP-0077 §14.1 knows. */
export type RegistrationField =
  | "username"
  | "nick"
  | "password"
  | "name"
  | "first"
  | "last"
  | "email"
  | "address"
  | "city"
  | "state"
  | "zip"
  | "phone"
  | "url"
  | "date"
  | "misc"
  | "text"
  | "key";

/** A registration: what a service asks for, what it knows already, or what somebody has filled in. */
export interface Registration {
  /** Whether the person is registered. */
  readonly registered?: boolean | undefined;
  /** What to do, in words. */
  readonly instructions?: string | undefined;
  /** What is asked for (with empty values), known or filled in. */
  readonly fields?: Readonly<Partial<Record<RegistrationField, string>>> | undefined;
  /** The form that takes the place of the fields where a client knows forms (§4). */
  readonly form?: FormInit | undefined;
  /** Where on the web to register (§5). */
  readonly url?: string | undefined;
  /** Whether the registration is to end (§3.2). */
  readonly remove?: boolean | undefined;
}

/** Asks a service what it wants to know; the payload of an IQ of type `get`. */
export function buildRegistrationRequest(): Element {
  return el("query", { xmlns: NS_REGISTER });
}

/** Reads a registration; `undefined` where the payload is none. */
export function readRegistration(payload: Element): Registration | undefined {
  if (!payload.is("query", NS_REGISTER)) return undefined;
  const fields: Partial<Record<RegistrationField, string>> = {};
  for (const field of FIELDS) {
    const text = payload.childText(field);
    if (text !== undefined) fields[field] = text;
  }
  const form = payload.child("x", NS_DATA);
  return {
    registered: payload.child("registered") !== undefined,
    instructions: payload.childText("instructions")?.trim(),
    fields,
    form: form && readDataForm(form),
    url: payload.child("x", NS_OOB)?.childText("url")?.trim(),
    remove: payload.child("remove") !== undefined,
  };
}

/** Makes a registration: what a service asks for, or, in an IQ of type `set`, what somebody answers it. */
export function buildRegistration(registration: Registration): Element {
  const { registered, instructions, fields = {}, form, url, remove } = registration;
  return el(
    "query",
    { xmlns: NS_REGISTER },
    registered === true && el("registered"),
    remove === true && el("remove"),
    instructions !== undefined && el("instructions", {}, instructions),
    FIELDS.map((field) => fields[field] !== undefined && el(field, {}, fields[field])),
    form && buildDataForm(form),
    url !== undefined && el("x", { xmlns: NS_OOB }, el("url", {}, url)),
  );
}

const FIELDS: readonly RegistrationField[] = [
  "username",
  "nick",
  "password",
  "name",
  "first",
  "last",
  "email",
  "address",
  "city",
  "state",
  "zip",
  "phone",
  "url",
  "date",
  "misc",
  "text",
  "key",
];
