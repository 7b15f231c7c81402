import type { Message } from "../stanza/index.ts";

/** XEP-0380: Explicit Message Encryption; also its feature. */
export const NS_EME = "urn:xmpp:eme:0";

/** What a message is encrypted with. */
export interface Encryption {
  /** The namespace of the method. */
  readonly namespace: string;
  /** What people call the method, where that is known. */
  readonly name: string | undefined;
}

/** The elements that hold what is encrypted, for messages that do not explain themselves (XEP-0380 §4). */
const methods: readonly (readonly [element: string, namespace: string, name: string])[] = [
  ["encrypted", "eu.siacs.conversations.axolotl", "OMEMO"],
  ["encrypted", "urn:xmpp:omemo:2", "OMEMO"],
  ["openpgp", "urn:xmpp:openpgp:0", "OpenPGP for XMPP"],
  ["x", "jabber:x:encrypted", "Legacy OpenPGP"],
];

/** How a message is encrypted. Its body, if any, only says that it is. */
export function readEncryption(message: Message): Encryption | undefined {
  const explained = message.child("encryption", NS_EME);
  const namespace = explained?.attr("namespace");
  if (explained !== undefined && namespace !== undefined) {
    const [, , name] = methods.find(([, known]) => known === namespace) ?? [];
    return { namespace, name: name ?? explained.attr("name") };
  }
  const method = methods.find(([element, ns]) => message.child(element, ns) !== undefined);
  return method && { namespace: method[1], name: method[2] };
}
