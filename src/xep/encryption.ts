import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0380: Explicit Message Encryption; also its feature. */
export const NS_EME = "urn:xmpp:eme:0";

/** What a message is encrypted with. */
export interface Encryption {
  /** The namespace of the method. */
  readonly namespace: string;
  /** What people call the method, where that is known. */
  readonly name: string | undefined;
}

/** A method of encryption, and how its messages are known that do not explain themselves (XEP-0380 §3.2). */
interface Method extends Encryption {
  /** The element that holds what is encrypted. */
  readonly element?: string;
  /** How a body begins that is encrypted. */
  readonly body?: RegExp;
}

const METHODS: readonly Method[] = [
  { namespace: "eu.siacs.conversations.axolotl", name: "OMEMO", element: "encrypted" },
  { namespace: "urn:xmpp:omemo:1", name: "OMEMO", element: "encrypted" },
  { namespace: "urn:xmpp:omemo:2", name: "OMEMO", element: "encrypted" },
  { namespace: "urn:xmpp:openpgp:0", name: "OpenPGP for XMPP", element: "openpgp" },
  {
    namespace: "jabber:x:encrypted",
    name: "Legacy OpenPGP",
    element: "x",
    body: /^-----BEGIN PGP MESSAGE-----/,
  },
  // XEP-0364 §3: data, or the wish to begin; not an error, which is for people.
  { namespace: "urn:xmpp:otr:0", name: "OTR", body: /^\?OTR(?:[:,|]|\??v[\dx]*\?|\?)/ },
];

/** How a message is encrypted. Its body, if any, only says that it is. */
export function readEncryption(message: Message): Encryption | undefined {
  const explained = message.child("encryption", NS_EME);
  const namespace = explained?.attr("namespace");
  if (explained !== undefined && namespace !== undefined) {
    const known = METHODS.find((method) => method.namespace === namespace);
    return { namespace, name: known?.name ?? explained.attr("name") };
  }
  const method = METHODS.find(
    ({ namespace, element, body }) =>
      (element !== undefined && message.child(element, namespace) !== undefined) ||
      body?.test(message.body ?? "") === true,
  );
  return method && { namespace: method.namespace, name: method.name };
}

/**
 * Whether a message that is encrypted says something to a person. One of OMEMO without a payload does not: it only keeps keys fresh
 * (XEP-0384 §5.5.3); nor does one of which JSON has left nothing but that it is encrypted.
 */
export function isEncryptedText(message: Message): boolean {
  if (readEncryption(message) === undefined) return false;
  const holders = METHODS.flatMap(({ namespace, element }) =>
    element === undefined ? [] : message.element.childrenNamed(element, namespace),
  );
  if (holders.length === 0) return message.body !== undefined;
  return holders.every((holder) => holder.name !== "encrypted" || holder.child("payload") !== undefined);
}

/** Says how a message is encrypted (XEP-0380 §3.1): by a bot that does so itself. */
export function buildEncryption({ namespace, name }: Encryption): Element {
  return el("encryption", { xmlns: NS_EME, namespace, name });
}
