import { createHash } from "node:crypto";
import { type Element, el, type Presence } from "../stanza/index.ts";
import type { DataForm } from "./data-forms.ts";
import type { DiscoInfo } from "./disco.ts";

/** XEP-0115: Entity Capabilities. */
export const NS_CAPS = "http://jabber.org/protocol/caps";

/** What a presence tells of what its sender can do. */
export interface Caps {
  /** The software, as a URI. */
  readonly node: string;
  /** The hash of what {@link DiscoInfo} the sender has: the same for all that can do the same. */
  readonly ver: string;
  /** How it was made: `sha-1`, or another function of XEP-0300's registry. */
  readonly hash: string;
}

/** Tells what the sender of a presence can do, by a hash (XEP-0115 §4). */
export function buildCaps({ node, ver, hash }: Caps): Element {
  return el("c", { xmlns: NS_CAPS, hash, node, ver });
}

/** Reads which hash a presence has; `undefined` where it has none, or one of the format from before 2008. */
export function readCaps(presence: Presence): Caps | undefined {
  const c = presence.child("c", NS_CAPS);
  const [node, ver, hash] = [c?.attr("node"), c?.attr("ver"), c?.attr("hash")];
  return node && ver && hash ? { node, ver, hash } : undefined;
}

/** The node at which the {@link DiscoInfo} behind a hash can be asked for (XEP-0115 §6.2). */
export function capsNode({ node, ver }: Pick<Caps, "node" | "ver">): string {
  return `${node}#${ver}`;
}

/**
 * Makes the hash of what an entity is and can do (XEP-0115 §5.1).
 *
 * @param hash the name of the function; default `sha-1`.
 * @returns `undefined` where such a function is not known here, or what was said is ambiguous (§5.4), so that no hash holds for it.
 */
export function capsVersion(info: DiscoInfo, hash = "sha-1"): string | undefined {
  const algorithm = HASHES.get(hash);
  const forms = info.forms.filter((form) => typesOf(form).length > 0);
  const identities = info.identities.map(
    ({ category, type, lang = "", name = "" }) => `${category}/${type}/${lang}/${name}`,
  );
  const types = forms.map(({ formType }) => formType);
  const ambiguous =
    new Set(identities).size < identities.length ||
    new Set(types).size < types.length ||
    forms.some((form) => typesOf(form).length > 1) ||
    isForged(info);
  if (algorithm === undefined || ambiguous) return undefined;
  const parts = [
    ...byOctets(identities),
    ...byOctets([...info.features]),
    ...[...forms].sort((one, other) => octets(one.formType ?? "", other.formType ?? "")).flatMap(formParts),
  ];
  return createHash(algorithm)
    .update(parts.map((part) => `${part}<`).join(""))
    .digest("base64");
}

/** @internal Which functions are known, by their name in XEP-0300. */
export const HASHES: ReadonlyMap<string, string> = new Map([
  ["sha-1", "sha1"],
  ["sha-256", "sha256"],
  ["sha-512", "sha512"],
  ["sha3-256", "sha3-256"],
  ["sha3-512", "sha3-512"],
]);

/** @internal What a form says it is, for programs alone: a form that says so in a field for people does not count (§5.4). */
export function typesOf({ fields }: DataForm): string[] {
  const hidden = fields.filter((field) => field.var === "FORM_TYPE" && field.type === "hidden");
  return [...new Set(hidden.flatMap(({ values }) => values))];
}

function formParts({ formType = "", fields }: DataForm): string[] {
  const sorted = fields
    .filter((field) => field.var !== "FORM_TYPE")
    .sort((one, other) => octets(one.var ?? "", other.var ?? ""));
  return [formType, ...sorted.flatMap((field) => [field.var ?? "", ...byOctets(field.values)])];
}

/** With a `<` inside, one thing could be made to look like another in what is hashed. */
function isForged({ identities, features, forms }: DiscoInfo): boolean {
  const texts = [
    ...features,
    ...identities.flatMap(({ category, type, lang, name }) => [category, type, lang, name]),
    ...forms.flatMap(({ fields }) => fields.flatMap((field) => [field.var, ...field.values])),
  ];
  return texts.some((text) => text?.includes("<"));
}

function byOctets(texts: readonly string[]): string[] {
  return [...texts].sort(octets);
}

/** The order of `i;octet` (RFC 4790 §9.3). */
function octets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
