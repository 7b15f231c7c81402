import type { Iq } from "../../../src/stanza/index.ts";
import { buildExternalServices, readExternalServices } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

const plain = {
  port: undefined,
  transport: undefined,
  name: undefined,
  username: undefined,
  password: undefined,
  expires: undefined,
  restricted: false,
};

const turn = {
  ...plain,
  type: "turn",
  host: "192.0.2.1",
  port: 8889,
  transport: "udp",
  username: "auu98sjl2wk3e9fjdsl7",
  password: "93jn3bakj9s832lrjbbz",
};

export default goldens(
  "0215",
  inIq(
    "§3.1 all services",
    `<iq from='shakespeare.lit' id='ul2bc7y6' to='bard@shakespeare.lit/globe' type='result'>
      <services xmlns='urn:xmpp:extdisco:2'>
        <service host='stun.shakespeare.lit' port='9998' transport='udp' type='stun'/>
        <service host='relay.shakespeare.lit' password='jj929jkj5sadjfj93v3n' port='9999' transport='udp' type='turn' username='nb78932lkjlskjfdb7g8'/>
        <service host='192.0.2.1' port='8888' transport='udp' type='stun'/>
        <service host='192.0.2.1' password='93jn3bakj9s832lrjbbz' port='8889' transport='udp' type='turn' username='auu98sjl2wk3e9fjdsl7'/>
        <service host='ftp.shakespeare.lit' name='Shakespearean File Server' password='guest' port='20' transport='tcp' type='ftp' username='guest'/>
      </services>
    </iq>`,
    [
      { ...plain, type: "stun", host: "stun.shakespeare.lit", port: 9998, transport: "udp" },
      {
        ...plain,
        type: "turn",
        host: "relay.shakespeare.lit",
        port: 9999,
        transport: "udp",
        username: "nb78932lkjlskjfdb7g8",
        password: "jj929jkj5sadjfj93v3n",
      },
      { ...plain, type: "stun", host: "192.0.2.1", port: 8888, transport: "udp" },
      turn,
      {
        ...plain,
        type: "ftp",
        host: "ftp.shakespeare.lit",
        port: 20,
        transport: "tcp",
        name: "Shakespearean File Server",
        username: "guest",
        password: "guest",
      },
    ],
    ({ payload }: Iq) => payload && readExternalServices(payload),
    (services) => [buildExternalServices(services)],
  ),
  inIq(
    "§3.2 those of a type",
    `<iq from='shakespeare.lit' id='yv2c19f7' to='bard@shakespeare.lit/globe' type='result'>
      <services xmlns='urn:xmpp:extdisco:2' type='turn'>
        <service host='turn.shakespeare.lit' password='jj929jkj5sadjfj93v3n' port='9999' transport='udp' type='turn' username='nb78932lkjlskjfdb7g8'/>
        <service host='192.0.2.1' password='93jn3bakj9s832lrjbbz' port='8889' transport='udp' type='turn' username='auu98sjl2wk3e9fjdsl7'/>
      </services>
    </iq>`,
    [
      {
        ...plain,
        type: "turn",
        host: "turn.shakespeare.lit",
        port: 9999,
        transport: "udp",
        username: "nb78932lkjlskjfdb7g8",
        password: "jj929jkj5sadjfj93v3n",
      },
      turn,
    ],
    ({ payload }: Iq) => payload && readExternalServices(payload),
    (services) => [buildExternalServices(services, "turn")],
  ),
);
