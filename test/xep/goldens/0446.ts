import { el } from "../../../src/stanza/index.ts";
import { buildFileMetadata, readFileMetadata } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

export default goldens(
  "0446",
  inElement(
    "§3 a text",
    `<file xmlns='urn:xmpp:file:metadata:0'>
      <media-type>text/plain</media-type>
      <name>test.txt</name>
      <date>2015-07-26T20:46:00Z</date>
      <size>6144</size>
      <hash xmlns='urn:xmpp:hashes:2' algo='sha-1'>w0mcJylzCn+AfvuGdqkty2+KP48=</hash>
    </file>`,
    {
      mediaType: "text/plain",
      name: "test.txt",
      date: new Date("2015-07-26T21:46:00+01:00"),
      size: 6144,
      hashes: { "sha-1": "w0mcJylzCn+AfvuGdqkty2+KP48=" },
    },
    (file) => readFileMetadata(el("x", {}, file)),
    buildFileMetadata,
  ),
);
