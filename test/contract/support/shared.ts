import { once } from "node:events";
import { createServer } from "node:net";
import type { Shared } from "./contract-case.ts";
import { layout } from "./layout.ts";
import type { StartServer } from "./server-under-test.ts";
import { ScriptedWebhook } from "./webhook.ts";

/** Starts a server, the web server that it calls, and two people who stay. */
export async function startShared(start: StartServer): Promise<Shared> {
  const webhook = await ScriptedWebhook.start();
  const server = await start(layout(webhook.port, await closedPort()));
  const [alice, bob] = await Promise.all([server.client("alice"), server.client("bob")]);
  return { server, webhook, alice, bob };
}

export async function stopShared({ server, webhook, alice, bob }: Shared): Promise<void> {
  await Promise.all([alice.stop(), bob.stop()]);
  await server.stop();
  await webhook.stop();
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 1;
}
