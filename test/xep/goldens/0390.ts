import { buildCapabilityHashes, type CapabilityHash, readCapabilityHashes } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

const hashes = (title: string, sha2: string, sha3: string) =>
  inPresence<CapabilityHash[]>(
    title,
    `<presence from='juliet@capulet.lit'>
      <c xmlns="urn:xmpp:caps">
        <hash xmlns="urn:xmpp:hashes:2" algo="sha-256">${sha2}</hash>
        <hash xmlns="urn:xmpp:hashes:2" algo="sha3-256">${sha3}</hash>
      </c>
    </presence>`,
    [
      { algorithm: "sha-256", value: sha2 },
      { algorithm: "sha3-256", value: sha3 },
    ],
    readCapabilityHashes,
    buildCapabilityHashes,
  );

export default goldens(
  "0390",
  hashes(
    "§5.4 what a client can do",
    "u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=",
    "XpUJzLAc93258sMECZ3FJpebkzuyNXDzRNwQog8eycg=",
  ),
  hashes(
    "§4.5.1 the simple example",
    "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=",
    "79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q=",
  ),
);
