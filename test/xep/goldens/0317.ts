import { buildHats, readHats } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

export default goldens(
  "0317",
  inPresence(
    "§3.2 several hats",
    `<presence from='meeting123@meetings.example.com/Harry' to='someone@example.com/foo'>
      <hats xmlns='urn:xmpp:hats:0'>
        <hat title='Host' uri='http://schemas.example.com/hats#host' hue='327.255249' xml:lang='en-us'/>
        <hat title='Presenter' uri='http://schemas.example.com/hats#presenter' hue='171.430664' xml:lang='en-us'/>
      </hats>
    </presence>`,
    [
      { title: "Host", uri: "http://schemas.example.com/hats#host", hue: 327.255249, lang: "en-us" },
      {
        title: "Presenter",
        uri: "http://schemas.example.com/hats#presenter",
        hue: 171.430664,
        lang: "en-us",
      },
    ],
    readHats,
    buildHats,
  ),
);
