import type { Iq } from "../../../src/stanza/index.ts";
import { buildUploadRequest, buildUploadSlot, readUploadSlot } from "../../../src/xep/index.ts";
import { goldens, inElement, inIq } from "../golden.ts";

const file = { filename: "très cool.jpg", size: 23456, contentType: "image/jpeg" };

export default goldens(
  "0363",
  inElement(
    "§4 a request for a slot",
    "<request xmlns='urn:xmpp:http:upload:0' filename='très cool.jpg' size='23456' content-type='image/jpeg'/>",
    file,
    () => file,
    buildUploadRequest,
  ),
  inIq(
    "§4 a slot",
    `<iq from='upload.montague.tld' id='step_03' to='romeo@montague.tld/garden' type='result'>
      <slot xmlns='urn:xmpp:http:upload:0'>
        <put url='https://upload.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg'>
          <header name='Authorization'>Basic Base64String==</header>
          <header name='Cookie'>foo=bar; user=romeo</header>
        </put>
        <get url='https://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg'/>
      </slot>
    </iq>`,
    {
      put: {
        url: "https://upload.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg",
        headers: { Authorization: "Basic Base64String==", Cookie: "foo=bar; user=romeo" },
      },
      get: {
        url: "https://download.montague.tld/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/tr%C3%A8s%20cool.jpg",
      },
    },
    ({ payload }: Iq) => payload && readUploadSlot(payload),
    buildUploadSlot,
  ),
);
