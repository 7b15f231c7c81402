import {
  buildOutOfBand,
  buildOutOfBandRequest,
  readOutOfBand,
  readOutOfBandRequest,
} from "../../../src/xep/index.ts";
import { goldens, inIq, inMessage } from "../golden.ts";

const url = "http://www.jabber.org/images/psa-license.jpg";

export default goldens(
  "0066",
  inMessage(
    "§3 an address in a message",
    `<message from='stpeter@jabber.org/work' to='MaineBoy@jabber.org/home'>
      <body>Yeah, but do you have a license to Jabber?</body>
      <x xmlns='jabber:x:oob'>
        <url>http://www.jabber.org/images/psa-license.jpg</url>
      </x>
    </message>`,
    [{ url, description: undefined }],
    readOutOfBand,
    (all) => all.map((each) => buildOutOfBand(each.url, each.description)),
  ),
  inIq(
    "§2 a request",
    `<iq type='set' from='stpeter@jabber.org/work' to='MaineBoy@jabber.org/home' id='oob1'>
      <query xmlns='jabber:iq:oob'>
        <url>http://www.jabber.org/images/psa-license.jpg</url>
        <desc>A license to Jabber!</desc>
      </query>
    </iq>`,
    { url, description: "A license to Jabber!" },
    readOutOfBandRequest,
    (each) => buildOutOfBandRequest(each.url, each.description),
  ),
);
