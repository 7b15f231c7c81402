import { randomUUID } from "node:crypto";
import pino from "pino";
import { NS_CLIENT } from "../../../src/stanza/index.ts";
import { ModRestDouble } from "../../../src/testkit/index.ts";
import type { Layout } from "./layout.ts";
import { type ServerUnderTest, TestClient } from "./server-under-test.ts";

/** The double, in the mode of one release. */
export async function startDouble(
  version: ServerUnderTest["version"],
  layout: Layout,
): Promise<ServerUnderTest> {
  const lines: string[] = [];
  const double = await ModRestDouble.start({
    version,
    logger: pino({ level: "debug" }, { write: (line: string) => lines.push(line) }),
    virtualHosts: [{ domain: layout.domain, accounts: layout.accounts, callback: { url: layout.url } }],
    rooms: [layout.rooms],
    components: layout.components.map(
      ({ domain, secret, tokens, keys, hold = 0, url, contentType, stanzas, events }) => ({
        domain,
        secret,
        tokens,
        callback: { url, contentType, stanzas, events, carried: keys && { keys, hold: hold * 1000 } },
      }),
    ),
  });
  return {
    name: `double as ${version}`,
    version,
    isReal: false,
    httpPort: Number(new URL(double.restUrl).port),
    log: () => lines.join("\n"),
    stop: () => double.stop(),
    client: async (account) => {
      const user = await double.user(`${account}@${layout.domain}/${randomUUID()}`);
      const client = new TestClient(
        user.jid,
        (xml) => user.send(xml),
        async () => user.disconnect(),
      );
      user.listen(({ element }) => {
        answerRequest(client, element);
        client.inbox.add(element);
      });
      return client;
    },
  };
}

/** What `@xmpp/client` does on its own, so that both clients behave alike. */
function answerRequest(
  client: TestClient,
  stanza: { name: string } & Parameters<TestClient["inbox"]["add"]>[0],
): void {
  const type = stanza.attr("type");
  if (stanza.name !== "iq" || (type !== "get" && type !== "set")) return;
  const from = stanza.attr("from");
  const to = from === undefined ? "" : ` to='${from}'`;
  const isPing = stanza.elements[0]?.is("ping", "urn:xmpp:ping") === true;
  const error = `<error type='cancel' xmlns='${NS_CLIENT}'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  client.send(
    isPing
      ? `<iq type='result' id='${stanza.attr("id")}'${to}/>`
      : `<iq type='error' id='${stanza.attr("id")}'${to}>${error}</iq>`,
  );
}
