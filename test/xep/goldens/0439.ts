import {
  buildQuickAction,
  buildQuickResponse,
  buildSelectedAction,
  readQuickActions,
  readQuickResponses,
  readSelectedAction,
} from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0439",
  inMessage(
    "§5.1 possible responses",
    `<message from="rootbot@example.com">
      <body xml:lang="en">Execute \`rm -rf /\`? (yes/no)</body>
      <response xmlns="urn:xmpp:tmp:quick-response" xml:lang="en" value="yes" label="Sure!" />
      <response xmlns="urn:xmpp:tmp:quick-response" xml:lang="en" value="no" label="Uuuuuuh..." />
    </message>`,
    [
      { value: "yes", label: "Sure!", lang: "en" },
      { value: "no", label: "Uuuuuuh...", lang: "en" },
    ],
    readQuickResponses,
    (responses) => responses.map(buildQuickResponse),
  ),
  inMessage(
    "§5.3 something to do",
    `<message to="gitbot@example.com">
      <body>New merge request opened by ExampleUser: https://git.example.com/example/mrs/3/</body>
      <action xmlns="urn:xmpp:tmp:quick-response" id="merge-32643" label="Merge Now" />
    </message>`,
    [{ id: "merge-32643", label: "Merge Now", lang: undefined }],
    readQuickActions,
    (actions) => actions.map(buildQuickAction),
  ),
  inMessage(
    "§5.4 what was selected",
    `<message to="gitbot@example.com">
      <action-selected xmlns="urn:xmpp:tmp:quick-response" id="merge-32643" />
    </message>`,
    "merge-32643",
    readSelectedAction,
    buildSelectedAction,
  ),
);
