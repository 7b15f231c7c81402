import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { breakOff } from "./break-off.ts";

test("a connection that is just being ended can be reset, and is closed then", async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const far = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [near] = (await once(server, "connection")) as [Socket];
  near.end();
  breakOff(near);
  await once(near, "close");
  const gone = [once(far, "close"), once(server, "close")];
  far.destroy();
  server.close();
  await Promise.all(gone);
  // The handle that was left behind would still be among these.
  assert.ok(!process.getActiveResourcesInfo().includes("TCPSocketWrap"));
});
