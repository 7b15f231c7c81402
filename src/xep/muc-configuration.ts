import type { Element } from "../stanza/index.ts";
import { buildSubmit, type DataForm, formValues } from "./data-forms.ts";

/** The `FORM_TYPE` of a room's configuration (XEP-0045 §16.5.3). */
export const ROOM_CONFIG_FORM = "http://jabber.org/protocol/muc#roomconfig";

/** How a room is; services leave out what they do not know. */
export interface RoomConfiguration {
  readonly name: string;
  readonly description: string;
  /** Its language, as `en` or `de`. */
  readonly language: string;
  /** Whether it stays when the last has left. */
  readonly persistent: boolean;
  /** Whether it is in the list of its service. */
  readonly public: boolean;
  readonly membersOnly: boolean;
  /** Whether only who has voice may speak. */
  readonly moderated: boolean;
  /** What one has to say at the door; an empty one for none. */
  readonly password: string;
  /** Who sees whose accounts the occupants are. */
  readonly whois: "anyone" | "moderators";
  /** Whether occupants may change the subject. */
  readonly changeSubject: boolean;
  /** Whether occupants may ask others in, to a room for members. */
  readonly allowInvites: boolean;
  /** Whether what is said is kept. */
  readonly logging: boolean;
  /** How many there may be at most. */
  readonly maxOccupants: number;
  /** How many messages new occupants are sent. */
  readonly history: number;
}

interface Knob {
  readonly field: string;
  readonly kind: "text" | "flag" | "number";
}

const text = (field: string): Knob => ({ field: `muc#roomconfig_${field}`, kind: "text" });
const flag = (field: string): Knob => ({ field: `muc#roomconfig_${field}`, kind: "flag" });
const number = (field: string): Knob => ({ field: `muc#roomconfig_${field}`, kind: "number" });

const KNOBS: Readonly<Record<keyof RoomConfiguration, Knob>> = {
  name: text("roomname"),
  description: text("roomdesc"),
  language: text("lang"),
  persistent: flag("persistentroom"),
  public: flag("publicroom"),
  membersOnly: flag("membersonly"),
  moderated: flag("moderatedroom"),
  password: text("roomsecret"),
  whois: text("whois"),
  changeSubject: flag("changesubject"),
  allowInvites: flag("allowinvites"),
  logging: flag("enablelogging"),
  maxOccupants: number("maxusers"),
  history: { field: "muc#maxhistoryfetch", kind: "number" },
};
const PROTECTED = "muc#roomconfig_passwordprotectedroom";

/** What a room's form says of it; what the form does not have is left out. */
export function readRoomConfiguration(form: DataForm): Partial<RoomConfiguration> {
  const values = formValues(form);
  const read = Object.entries(KNOBS).flatMap(
    ([key, { field, kind }]): [string, string | number | boolean][] => {
      const value = values.get(field)?.[0];
      if (value === undefined) return [];
      if (kind === "flag") return [[key, value === "1" || value === "true"]];
      if (kind === "text") return [[key, value]];
      return /^\d{1,15}$/.test(value) ? [[key, Number(value)]] : [];
    },
  );
  return Object.fromEntries(read) as Partial<RoomConfiguration>;
}

/** The names of the fields that a configuration is about, by which it is checked whether a service knows them. */
export function roomConfigurationFields(configuration: Partial<RoomConfiguration>): string[] {
  return Object.keys(submitted(configuration));
}

/**
 * Fills in a room's form.
 *
 * @param others fields that are the service's own, by their names.
 */
export function buildRoomConfiguration(
  configuration: Partial<RoomConfiguration>,
  others: Readonly<Record<string, string | readonly string[]>> = {},
): Element {
  return buildSubmit({ ...submitted(configuration), ...others }, ROOM_CONFIG_FORM);
}

function submitted(configuration: Partial<RoomConfiguration>): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [key, { field }] of Object.entries(KNOBS)) {
    const value = configuration[key as keyof RoomConfiguration];
    if (value !== undefined) fields[field] = typeof value === "boolean" ? (value ? "1" : "0") : String(value);
  }
  // Of a service that asks for both, an empty password alone would leave the door as it is.
  if (configuration.password !== undefined) fields[PROTECTED] = configuration.password === "" ? "0" : "1";
  return fields;
}
