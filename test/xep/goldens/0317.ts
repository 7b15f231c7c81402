import { el } from "../../../src/stanza/index.ts";
import { buildHats, readHats } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

export default goldens(
  "0317",
  inPresence(
    "§3.1 several hats",
    `<presence from='meeting123@meetings.example.com/Harry' to='someone@example.com/foo'>
      <hats xmlns='urn:xmpp:hats:0'>
        <hat title='Host' uri='http://schemas.example.com/hats#host' hue='327.255249' xml:lang='en-us'>
          <badge xmlns='urn:example:badges' level='3'/>
        </hat>
        <hat title='Presenter' uri='http://schemas.example.com/hats#presenter' hue='171.430664' xml:lang='en-us'>
          <badge xmlns='urn:example:badges' level='5'/>
        </hat>
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
    // What others put into a hat, we do not know.
    (hats) => {
      const built = buildHats(hats);
      const badges = [3, 5].map((level) => el("badge", { xmlns: "urn:example:badges", level }));
      return built.withChildren(built.elements.map((hat, at) => hat.withChildren(badges[at])));
    },
  ),
);
