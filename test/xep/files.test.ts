import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readXml } from "../../src/stanza/index.ts";
import {
  buildFileSharing,
  buildOutOfBand,
  NS_FILE_SHARING,
  NS_OOB,
  readFiles,
  readOutOfBand,
  readUploadSlot,
} from "../../src/xep/index.ts";
import { child, holding, message, written } from "./support.ts";

describe("XEP-0066: out of band data", () => {
  const example = message(`<message from='stpeter@jabber.org/work' to='MaineBoy@jabber.org/home'>
    <body>Yeah, but do you have a license to Jabber?</body>
    <x xmlns='jabber:x:oob'>
      <url>http://www.jabber.org/images/psa-license.jpg</url>
    </x>
  </message>`);
  const url = "http://www.jabber.org/images/psa-license.jpg";

  it("is a web address (§3), which is a file as well", () => {
    assert.deepEqual(readOutOfBand(example), [{ url, description: undefined }]);
    assert.deepEqual(readFiles(example), [{ url, description: undefined }]);
    assert.equal(written(buildOutOfBand(url)), child(example, "x", NS_OOB));
    assert.equal(
      written(buildOutOfBand(url, "a license")),
      `<x xmlns="jabber:x:oob"><url>${url}</url><desc>a license</desc></x>`,
    );
  });

  it("is none without an address", () => {
    assert.deepEqual(
      readFiles(holding("<x xmlns='jabber:x:oob'/><x xmlns='jabber:x:oob'><url> </url></x>")),
      [],
    );
  });
});

describe("XEP-0447: file sharing", () => {
  const nothing = {
    date: undefined,
    width: undefined,
    height: undefined,
    length: undefined,
    thumbnails: undefined,
    disposition: undefined,
  };
  const target = "https://download.montague.lit/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/summit.jpg";
  const sharing = `<file-sharing xmlns='urn:xmpp:sfs:0'>
      <file xmlns='urn:xmpp:file:metadata:0'>
        <media-type>image/jpeg</media-type>
        <name>summit.jpg</name>
        <size>3032449</size>
        <hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=</hash>
        <desc>Photo from the summit.</desc>
      </file>
      <sources>
        <url-data xmlns='http://jabber.org/protocol/url-data' target='${target}'/>
      </sources>
    </file-sharing>`;
  const file = {
    url: target,
    mediaType: "image/jpeg",
    name: "summit.jpg",
    size: 3032449,
    description: "Photo from the summit.",
    hashes: { __proto__: null, "sha3-256": "2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=" } as never,
    ...nothing,
  };

  it("tells where a file is, and what it is (§3)", () => {
    const example = message(`<message to='juliet@shakespeare.lit' id='sharing-a-file'>${sharing}</message>`);
    assert.deepEqual(readFiles(example), [file]);
    assert.equal(written(buildFileSharing(file)), child(example, "file-sharing", NS_FILE_SHARING));
  });

  it("goes before a mere address of the same file", () => {
    const both = `${sharing}<x xmlns='jabber:x:oob'><url>${target}</url></x><x xmlns='jabber:x:oob'><url>b</url></x>`;
    assert.deepEqual(readFiles(holding(both)), [file, { url: "b", description: undefined }]);
  });

  it("is none without a source on the web, and knows nothing of a file that nothing is said of", () => {
    const of = (inside: string): unknown =>
      readFiles(holding(`<file-sharing xmlns='urn:xmpp:sfs:0'>${inside}</file-sharing>`));
    assert.deepEqual(of("<sources/>"), []);
    assert.deepEqual(
      of(
        "<file xmlns='urn:xmpp:file:metadata:0'><size>-1</size></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='c'/></sources>",
      ),
      [
        {
          url: "c",
          name: undefined,
          mediaType: undefined,
          size: undefined,
          description: undefined,
          hashes: Object.create(null),
          ...nothing,
        },
      ],
    );
  });
});

describe("XEP-0363: headers of an upload (§4)", () => {
  const headers = (inside: string) =>
    readUploadSlot(
      readXml(
        `<slot xmlns='urn:xmpp:http:upload:0'><put url='https://upload.example/1'>${inside}</put><get url='https://files.example/1'/></slot>`,
      ),
    )?.put.headers;

  it("are those that a service may ask for, each on one line", () => {
    assert.deepEqual(
      {
        ...headers(
          "<header name='Authori&#10;zation'>Basic\n x</header><header name='Host'>elsewhere.example</header>",
        ),
      },
      { Authorization: "Basic x" },
    );
  });

  it("keep their values in order where they come several times, however their names are written", () => {
    assert.deepEqual(
      {
        ...headers(
          "<header name='Cookie'>a=1</header><header name='Authorization'>one</header><header name='cOOKIE'>b=2</header><header name='authorization'>two</header>",
        ),
      },
      { Cookie: "a=1; b=2", Authorization: "one, two" },
    );
  });
});
