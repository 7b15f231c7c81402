import { el } from "../../../src/stanza/index.ts";
import { buildFileSharing, readFiles } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

const url = "https://download.montague.lit/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/summit.jpg";

const jingle = el(
  "jinglepub",
  {
    xmlns: "urn:xmpp:jinglepub:1",
    from: "romeo@montague.lit/resource",
    id: "9559976B-3FBF-4E7E-B457-2DAA225972BB",
  },
  el("description", { xmlns: "urn:xmpp:jingle:apps:file-transfer:5" }),
);

export default goldens(
  "0447",
  inMessage(
    "§3.1 a picture",
    `<message to='juliet@shakespeare.lit' from='romeo@montague.lit/resource' id='sharing-a-file'>
      <file-sharing xmlns='urn:xmpp:sfs:0' disposition='inline'>
        <file xmlns='urn:xmpp:file:metadata:0'>
          <media-type>image/jpeg</media-type>
          <name>summit.jpg</name>
          <size>3032449</size>
          <width>4096</width>
          <height>2160</height>
          <hash xmlns='urn:xmpp:hashes:2' algo='sha3-256'>2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=</hash>
          <hash xmlns='urn:xmpp:hashes:2' algo='id-blake2b256'>2AfMGH8O7UNPTvUVAM9aK13mpCY=</hash>
          <desc>Photo from the summit.</desc>
          <thumbnail xmlns='urn:xmpp:thumbs:1' uri='cid:sha1+ffd7c8d28e9c5e82afea41f97108c6b4@bob.xmpp.org' media-type='image/png' width='128' height='96'/>
        </file>
        <sources>
          <url-data xmlns='http://jabber.org/protocol/url-data' target='${url}'/>
          <jinglepub xmlns='urn:xmpp:jinglepub:1' from='romeo@montague.lit/resource' id='9559976B-3FBF-4E7E-B457-2DAA225972BB'>
            <description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>
          </jinglepub>
        </sources>
      </file-sharing>
    </message>`,
    [
      {
        url,
        disposition: "inline",
        mediaType: "image/jpeg",
        name: "summit.jpg",
        size: 3032449,
        width: 4096,
        height: 2160,
        hashes: {
          "sha3-256": "2XarmwTlNxDAMkvymloX3S5+VbylNrJt/l5QyPa+YoU=",
          "id-blake2b256": "2AfMGH8O7UNPTvUVAM9aK13mpCY=",
        },
        description: "Photo from the summit.",
        thumbnails: [
          {
            uri: "cid:sha1+ffd7c8d28e9c5e82afea41f97108c6b4@bob.xmpp.org",
            mediaType: "image/png",
            width: 128,
            height: 96,
          },
        ],
      },
    ],
    readFiles,
    // A bot has its files on the web alone.
    (files) =>
      files.map(buildFileSharing).map((sharing) => {
        const [file, sources] = sharing.elements;
        return sharing.withChildren(file, sources?.withChildren(sources.children, jingle));
      }),
  ),
);
