import { buildContent, readContents } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0481",
  inMessage(
    "§2.1 the format of the body",
    `<message from='person1@example.org/34892374' to='person2@example.org/938089023' type='chat'>
      <body>**Note:** This message is very important.</body>
      <content type='text/markdown' xmlns='urn:xmpp:content'/>
    </message>`,
    [{ type: "text/markdown" }],
    readContents,
    (all) => all.map(buildContent),
  ),
  inMessage(
    "§2.2 another encoding",
    `<message from='person1@example.org/34892374' to='person2@example.org/938089023' type='chat'>
      <body>Note: Go to Google and search for it.</body>
      <content type='text/markdown' xmlns='urn:xmpp:content'>**Note:** Go to [Google](http://www.google.com/) and search for it.</content>
    </message>`,
    [{ type: "text/markdown", text: "**Note:** Go to [Google](http://www.google.com/) and search for it." }],
    readContents,
    (all) => all.map(buildContent),
  ),
  inMessage(
    "§2.3 several encodings",
    `<message from='person1@example.org/34892374' to='person2@example.org/938089023' type='chat'>
      <body>Your energy consumption this month is 5000 kWh. That is very much. It will cost you 200 USD. You can find current tariffs at our web page.</body>
      <content type='text/markdown' xmlns='urn:xmpp:content'>Your energy consumption this month is **5000 kWh**. That is *very much*. It will cost you **200 USD**. You can find current tariffs at our [web page](http://www.example.com/Energy).</content>
      <content type='text/xml' xmlns='urn:xmpp:content'>&lt;Quote xmlns='somenamespace'&gt;&lt;Consumption unit='kWh'&gt;5000&lt;/Consumption&gt;&lt;Cost unit='USD'&gt;200&lt;/Cost&gt;&lt;/Quote&gt;</content>
    </message>`,
    [
      {
        type: "text/markdown",
        text: "Your energy consumption this month is **5000 kWh**. That is *very much*. It will cost you **200 USD**. You can find current tariffs at our [web page](http://www.example.com/Energy).",
      },
      {
        type: "text/xml",
        text: "<Quote xmlns='somenamespace'><Consumption unit='kWh'>5000</Consumption><Cost unit='USD'>200</Cost></Quote>",
      },
    ],
    readContents,
    (all) => all.map(buildContent),
  ),
);
