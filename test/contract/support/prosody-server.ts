import { client as xmppClient } from "@xmpp/client";
import { type HostSpec, type Suite, startProsody } from "../../../prosody/server.ts";
import { readXml } from "../../../src/stanza/index.ts";
import type { ComponentLayout, Layout } from "./layout.ts";
import { type ServerUnderTest, TestClient } from "./server-under-test.ts";
import { within } from "./waiting.ts";

const OAUTH2 = {
  allowed_oauth2_grant_types: ["password", "refresh_token"],
  oauth2_registration_key: "the contract registers its clients with this",
} as const;

/** A real Prosody from Debian. */
export async function startRealProsody(suite: Suite, layout: Layout): Promise<ServerUnderTest> {
  const prosody = await startProsody({
    suite,
    hosts: [
      virtualHost(layout),
      { kind: "muc", host: layout.rooms, options: { muc_room_locking: false } },
    ].concat(layout.components.map(component)) as HostSpec[],
    users: Object.entries(layout.accounts).map(([name, password]) => ({
      jid: `${name}@${layout.domain}`,
      password,
    })),
    // One message at a time leaves traces: everything that mod_rest finds wrong with a reply is a warning.
    logLevel: "info",
    timeoutMs: 60_000,
  });
  return {
    name: `Prosody ${prosody.version}`,
    version: prosody.version === "13.0.1" ? "13.0.1" : "13.0.7",
    isReal: true,
    httpPort: prosody.httpPort,
    log: () => prosody.log(),
    stop: () => prosody.stop(),
    client: (account) => connect(prosody.xmppPort, layout, account),
  };
}

function virtualHost(layout: Layout): HostSpec {
  return {
    kind: "virtualhost",
    host: layout.domain,
    callback: { address: "127.0.0.1:1", events: ["host"] },
    restanza: [],
    modules: ["mam", "pep", "http_oauth2"],
    options: { ...OAUTH2, rest_callback_url: layout.url },
  };
}

function component({
  domain,
  url,
  secret,
  tokens,
  keys,
  hold = 0,
  contentType,
  stanzas,
  events,
}: ComponentLayout): HostSpec {
  return {
    kind: "component",
    host: domain,
    ...(secret === undefined ? undefined : { secret }),
    ...(tokens === undefined ? undefined : { tokens }),
    callback: {
      address: "127.0.0.1:1",
      ...(contentType === undefined ? undefined : { contentType }),
      ...(stanzas === undefined ? undefined : { stanzas }),
      ...(events === undefined ? undefined : { events }),
      ...(keys === undefined ? undefined : { keys }),
    },
    restanza: [
      ...(tokens === undefined ? [] : ["token" as const]),
      ...(keys === undefined ? [] : ["callback" as const]),
    ],
    modules: secret === undefined ? [] : ["http_oauth2"],
    options: {
      ...(secret === undefined ? undefined : OAUTH2),
      rest_callback_url: url,
      ...(keys === undefined ? undefined : { restanza_callback_hold: hold }),
    },
  };
}

async function connect(port: number, layout: Layout, account: string): Promise<TestClient> {
  const xmpp = xmppClient({
    service: `xmpp://127.0.0.1:${port}`,
    domain: layout.domain,
    // Asks for PLAIN instead of the strongest mechanism, which would only cost time here.
    username: account,
    credentials: (authenticate) =>
      authenticate({ username: account, password: layout.accounts[account] ?? "" }, "PLAIN"),
  });
  xmpp.reconnect.stop();
  xmpp.on("error", () => {}); // what was lost shows in the assertions
  const address = (await within(xmpp.start(), `${account} comes online`)).toString();
  const client = new TestClient(
    address,
    (xml) => void xmpp.write(xml),
    async () => void (await within(xmpp.stop(), `${account} goes offline`)),
  );
  xmpp.on("stanza", (stanza) => client.inbox.add(readXml(withNamespace(stanza.toString()))));
  await xmpp.write("<presence/>");
  await client.inbox.next((stanza) => stanza.name === "presence", "the own presence");
  return client;
}

/** A stanza on its own lacks what the stream around it declares. */
function withNamespace(xml: string): string {
  return xml.replace(/ xmlns:stream="[^"]*"/, "");
}
