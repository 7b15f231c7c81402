import { type Element, el } from "../stanza/index.ts";
import { readBase64 } from "./avatar.ts";

/** XEP-0054: vcard-temp; also its feature. */
export const NS_VCARD = "vcard-temp";

/** A picture in a vCard. */
export interface VCardPhoto {
  /** Its media type, such as `image/png`. */
  readonly type: string | undefined;
  readonly data: Uint8Array;
}

/** A way to reach somebody: a telephone number, an e-mail address, or where mail goes. */
export interface VCardWay<Value> {
  /** What it is for and how good it is, such as `WORK`, `INTERNET` and `PREF`. */
  readonly types: readonly string[];
  readonly value: Value;
}

/** The parts of a person's name. */
export interface VCardName {
  readonly family?: string | undefined;
  readonly given?: string | undefined;
  readonly middle?: string | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/** The parts of an address for mail. */
export interface VCardAddress {
  readonly box?: string | undefined;
  readonly extended?: string | undefined;
  readonly street?: string | undefined;
  readonly locality?: string | undefined;
  readonly region?: string | undefined;
  readonly code?: string | undefined;
  readonly country?: string | undefined;
}

/** What somebody tells of themselves. */
export interface VCard {
  readonly fullName?: string | undefined;
  readonly name?: VCardName | undefined;
  readonly nickname?: string | undefined;
  readonly photo?: VCardPhoto | undefined;
  readonly birthday?: string | undefined;
  readonly addresses?: readonly VCardWay<VCardAddress>[] | undefined;
  readonly telephones?: readonly VCardWay<string>[] | undefined;
  readonly emails?: readonly VCardWay<string>[] | undefined;
  readonly jid?: string | undefined;
  readonly title?: string | undefined;
  readonly role?: string | undefined;
  readonly organization?:
    | { readonly name: string | undefined; readonly units: readonly string[] }
    | undefined;
  readonly url?: string | undefined;
  readonly description?: string | undefined;
}

const TEXTS = {
  fullName: "FN",
  nickname: "NICKNAME",
  birthday: "BDAY",
  jid: "JABBERID",
  title: "TITLE",
  role: "ROLE",
  url: "URL",
  description: "DESC",
} as const;

const NAME = {
  family: "FAMILY",
  given: "GIVEN",
  middle: "MIDDLE",
  prefix: "PREFIX",
  suffix: "SUFFIX",
} as const;

const ADDRESS = {
  box: "POBOX",
  extended: "EXTADD",
  street: "STREET",
  locality: "LOCALITY",
  region: "REGION",
  code: "PCODE",
  country: "CTRY",
} as const;

/** Asks for somebody's vCard (XEP-0054 §3.3). */
export function buildVCardRequest(): Element {
  return el("vCard", { xmlns: NS_VCARD });
}

/** Reads a vCard. */
export function readVCard(vcard: Element): VCard {
  const [name, organization] = [vcard.child("N"), vcard.child("ORG")];
  return {
    ...readTexts(vcard, TEXTS),
    name: name && readTexts(name, NAME),
    photo: readPhoto(vcard.child("PHOTO")),
    addresses: readWays(vcard, "ADR", Object.values(ADDRESS), (adr) => readTexts(adr, ADDRESS)),
    telephones: readWays(vcard, "TEL", ["NUMBER"], (tel) => tel.childText("NUMBER") ?? ""),
    emails: readWays(vcard, "EMAIL", ["USERID"], (email) => email.childText("USERID") ?? ""),
    organization: organization && {
      name: organization.childText("ORGNAME"),
      units: organization.childrenNamed("ORGUNIT").map(({ text }) => text),
    },
  };
}

/** Makes a vCard. */
export function buildVCard(vcard: VCard): Element {
  const { name, photo, addresses = [], telephones = [], emails = [], organization } = vcard;
  return el(
    "vCard",
    { xmlns: NS_VCARD },
    buildTexts(vcard, TEXTS),
    name && el("N", {}, buildTexts(name, NAME)),
    photo && buildPhoto(photo),
    addresses.map(({ types, value }) => buildWay("ADR", types, buildTexts(value, ADDRESS))),
    telephones.map(({ types, value }) => buildWay("TEL", types, [el("NUMBER", {}, value)])),
    emails.map(({ types, value }) => buildWay("EMAIL", types, [el("USERID", {}, value)])),
    organization &&
      el(
        "ORG",
        {},
        organization.name !== undefined && el("ORGNAME", {}, organization.name),
        organization.units.map((unit) => el("ORGUNIT", {}, unit)),
      ),
  );
}

function readTexts<Key extends string>(
  element: Element,
  names: Readonly<Record<Key, string>>,
): { [key in Key]?: string | undefined } {
  const entries = Object.entries<string>(names).map(([key, name]) => [key, element.childText(name)]);
  return Object.fromEntries(entries) as { [key in Key]?: string | undefined };
}

function buildTexts<Key extends string>(
  values: { readonly [key in NoInfer<Key>]?: string | undefined },
  names: Readonly<Record<Key, string>>,
): Element[] {
  return Object.entries<string>(names).flatMap(([key, name]) => {
    const value = values[key as Key];
    return value === undefined ? [] : [el(name, {}, value)];
  });
}

function readPhoto(photo: Element | undefined): VCardPhoto | undefined {
  const data = readBase64(photo?.childText("BINVAL") ?? "");
  return data && { type: photo?.childText("TYPE")?.trim(), data };
}

function buildPhoto({ type, data }: VCardPhoto): Element {
  return el(
    "PHOTO",
    {},
    type !== undefined && el("TYPE", {}, type),
    el("BINVAL", {}, Buffer.from(data).toString("base64")),
  );
}

function readWays<Value>(
  vcard: Element,
  name: string,
  parts: readonly string[],
  read: (way: Element) => Value,
): VCardWay<Value>[] | undefined {
  const ways = vcard.childrenNamed(name).map((way) => ({
    types: way.elements.map((child) => child.name).filter((child) => !parts.includes(child)),
    value: read(way),
  }));
  return ways.length === 0 ? undefined : ways;
}

function buildWay(name: string, types: readonly string[], parts: readonly Element[]): Element {
  return el(
    name,
    {},
    types.filter((type) => /^[A-Z]+$/.test(type)).map((type) => el(type)),
    parts,
  );
}
