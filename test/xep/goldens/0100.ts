import { Jid } from "../../../src/stanza/index.ts";
import {
  buildGatewayAddress,
  buildGatewayPrompt,
  readGatewayAddress,
  readGatewayPrompt,
} from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

export default goldens(
  "0100",
  inElement(
    "§6.3 what is asked for",
    `<query xmlns='jabber:iq:gateway'>
      <desc>Please enter the AOL Screen Name of the person you would like to contact.</desc>
      <prompt>Contact ID</prompt>
    </query>`,
    {
      prompt: "Contact ID",
      description: "Please enter the AOL Screen Name of the person you would like to contact.",
    },
    readGatewayPrompt,
    buildGatewayPrompt,
  ),
  inElement(
    "§6.3 what a person answers",
    `<query xmlns='jabber:iq:gateway'>
      <prompt>Foo Bar</prompt>
    </query>`,
    { prompt: "Foo Bar" },
    readGatewayPrompt,
    buildGatewayPrompt,
  ),
  inElement(
    "§6.3 the address",
    `<query xmlns='jabber:iq:gateway'>
      <jid>foobar@aim.shakespeare.lit</jid>
    </query>`,
    Jid.parse("foobar@aim.shakespeare.lit"),
    readGatewayAddress,
    buildGatewayAddress,
  ),
);
