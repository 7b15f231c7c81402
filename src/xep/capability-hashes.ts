import { createHash } from "node:crypto";
import { type Element, el, type Presence } from "../stanza/index.ts";
import { HASHES, typesOf } from "./caps.ts";
import type { DataForm } from "./data-forms.ts";
import type { DiscoInfo } from "./disco.ts";
import { NS_HASHES } from "./file-metadata.ts";

/** XEP-0390: Entity Capabilities 2.0; also its feature. */
export const NS_CAPABILITY_HASHES = "urn:xmpp:caps";

/** One of the hashes of what an entity is and can do. */
export interface CapabilityHash {
  /** The function, by its name in XEP-0300, such as `sha-256`. */
  readonly algorithm: string;
  /** In Base64. */
  readonly value: string;
}

/** Tells what the sender of a presence can do, by hashes (XEP-0390 §5.4). */
export function buildCapabilityHashes(hashes: readonly CapabilityHash[]): Element {
  return el(
    "c",
    { xmlns: NS_CAPABILITY_HASHES },
    hashes.map(({ algorithm, value }) => el("hash", { xmlns: NS_HASHES, algo: algorithm }, value)),
  );
}

/** Reads which hashes a presence has. */
export function readCapabilityHashes(presence: Presence): CapabilityHash[] {
  const hashes = presence.child("c", NS_CAPABILITY_HASHES)?.childrenNamed("hash", NS_HASHES) ?? [];
  return hashes.flatMap((hash) => {
    const algorithm = hash.attr("algo");
    const value = hash.text.trim();
    return algorithm && value ? [{ algorithm, value }] : [];
  });
}

/** The node at which what is behind a hash can be asked for (XEP-0390 §4.3). */
export function capabilityNode({ algorithm, value }: CapabilityHash): string {
  return `${NS_CAPABILITY_HASHES}#${algorithm}.${value}`;
}

/**
 * Makes the hash of what an entity is and can do (XEP-0390 §4.1).
 *
 * @param algorithm the name of the function; default `sha-256`.
 * @returns `undefined` where such a function is not known here, or no hash can be made of a form there.
 */
export function capabilityHash(info: DiscoInfo, algorithm = "sha-256"): CapabilityHash | undefined {
  const known = HASHES.get(algorithm);
  if (known === undefined || info.forms.some(isUnfit)) return undefined;
  const input = [
    joined([...info.features].map((feature) => octets(feature, UNIT))),
    joined(
      info.identities.map(({ category, type, lang = "", name = "" }) =>
        Buffer.concat([...[category, type, lang, name].map((text) => octets(text, UNIT)), RECORD]),
      ),
    ),
    joined(info.forms.map(formOctets)),
  ];
  const hash = createHash(known);
  for (const part of input) hash.update(part);
  return { algorithm, value: hash.digest("base64") };
}

const UNIT = "\x1f";
const RECORD = Buffer.from("\x1e");
const GROUP = Buffer.from("\x1d");
const FILE = Buffer.from("\x1c");

function isUnfit(form: DataForm): boolean {
  return typesOf(form).length !== 1 || form.reported.length > 0 || form.items.length > 0;
}

function formOctets({ fields }: DataForm): Buffer {
  const each = fields.map((field) =>
    Buffer.concat([
      octets(field.var ?? "", UNIT),
      ...sorted(field.values.map((value) => octets(value, UNIT))),
      RECORD,
    ]),
  );
  return Buffer.concat([...sorted(each), GROUP]);
}

function joined(parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...sorted(parts), FILE]);
}

function sorted(parts: readonly Buffer[]): Buffer[] {
  return [...parts].sort(Buffer.compare);
}

function octets(text: string, end: string): Buffer {
  return Buffer.from(text + end);
}
