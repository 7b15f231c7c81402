import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Element, Presence } from "../../src/stanza/index.ts";
import {
  capabilityHash,
  capsVersion,
  NODE_VCARD4,
  NS_AVATAR_METADATA,
  NS_CAPABILITY_HASHES,
  NS_CAPS,
  NS_DATA,
  NS_DISCO_INFO,
  NS_HASHES,
  NS_HATS,
  NS_IDLE,
  NS_NICK,
  NS_PUBSUB,
  NS_VCARD,
  NS_VCARD_UPDATE,
  NS_VCARD4,
  readAvatarData,
  readAvatarMetadata,
  readCapabilityHashes,
  readCaps,
  readDiscoInfo,
  readDiscoItems,
  readHats,
  readIdle,
  readNick,
  readVCard,
  readVCard4,
  readVCardUpdate,
  readWantedItems,
} from "../../src/xep/index.ts";
import { xmlText } from "../stanza/arbitraries.ts";

const NAMESPACES = [
  NS_AVATAR_METADATA,
  NS_CAPABILITY_HASHES,
  NS_CAPS,
  NS_DATA,
  NS_DISCO_INFO,
  NS_HASHES,
  NS_HATS,
  NS_IDLE,
  NS_NICK,
  NS_PUBSUB,
  NS_VCARD,
  NS_VCARD_UPDATE,
  NS_VCARD4,
];

const NAMES =
  "c hash x photo query identity feature item items pubsub metadata info data nick hats hat idle vCard N FN PHOTO BINVAL TYPE TEL NUMBER ADR ORG vcard parameters n pref __proto__ constructor";
const ATTRIBUTES =
  "node ver hash algo var category type name bytes id width max_items since uri title hue jid";

/** What looks like what is read, in the wrong places and with anything in it. */
const likely: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc
    .record({
      name: fc.constantFrom(...NAMES.split(" ")),
      ns: fc.constantFrom(...NAMESPACES),
      attrs: fc.dictionary(
        fc.constantFrom(...ATTRIBUTES.split(" ")),
        fc.oneof(xmlText, fc.constantFrom("1", "-1", "9".repeat(40), NODE_VCARD4)),
        { maxKeys: 4 },
      ),
      children: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.array(xmlText, { maxLength: 1 }),
        fc.array(tie("element"), { maxLength: 4 }),
      ),
    })
    .map(({ name, ns, attrs, children }) => new Element(name, ns, attrs, children)),
})).element;

describe("what others say of themselves", () => {
  it("is read, or not, and nothing worse, whatever it is", () => {
    const readers = [
      readAvatarData,
      readAvatarMetadata,
      readDiscoInfo,
      readDiscoItems,
      readNick,
      readVCard,
      readVCard4,
      readWantedItems,
      (element: Element) => capsVersion(readDiscoInfo(element)),
      (element: Element) => capabilityHash(readDiscoInfo(element)),
    ];
    const inPresence = [readCaps, readCapabilityHashes, readHats, readIdle, readNick, readVCardUpdate];
    fc.assert(
      fc.property(likely, (element) => {
        for (const read of readers) assert.doesNotThrow(() => read(element), read.name);
        const presence = new Presence(new Element("presence", undefined, {}, [element]));
        for (const read of inPresence) assert.doesNotThrow(() => read(presence), read.name);
      }),
    );
  });
});
