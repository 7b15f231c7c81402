import { el } from "../../../src/stanza/index.ts";
import { buildFileMetadata, readFileMetadata } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

export default goldens(
  "0446",
  inElement(
    "§2 a text",
    `<file xmlns='urn:xmpp:file:metadata:0'>
      <media-type>text/plain</media-type>
      <name>test.txt</name>
      <date>2015-07-26T21:46:00+01:00</date>
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
    // The same instant, in UTC.
    (metadata) => {
      const file = buildFileMetadata(metadata);
      const inUtc = el("date", {}, "2015-07-26T20:46:00Z");
      const inZone = el("date", {}, "2015-07-26T21:46:00+01:00");
      return file.withChildren(file.elements.map((each) => (each.text === inUtc.text ? inZone : each)));
    },
  ),
);
