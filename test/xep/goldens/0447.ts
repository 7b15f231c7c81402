import { buildFileSharing, readFiles } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

const url = "https://download.montague.lit/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/summit.jpg";

export default goldens(
  "0447",
  inMessage(
    "§3 a picture",
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
    (files) => files.map(buildFileSharing),
  ),
);
