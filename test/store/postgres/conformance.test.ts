import { after, before, describe } from "node:test";
import { PostgresStore } from "../../../src/store/index.ts";
import { leaseConformance } from "../conformance/leases.ts";
import { conformance } from "../conformance.ts";
import { TestProxy } from "./proxy.ts";
import { PostgresServer } from "./server.ts";

describe("PostgresStore", () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
  });
  after(() => server[Symbol.asyncDispose]());
  conformance(async (options) => PostgresStore.open({ ...options, url: await server.createDatabase() }));
  leaseConformance(async (leaseDuration) => {
    const database = new URL(await server.createDatabase()).pathname.slice(1);
    const stack = new AsyncDisposableStack();
    return {
      open: async () => {
        const proxy = stack.use(await TestProxy.start(server.port));
        const url = server.url(database, proxy.port);
        const store = stack.use(await PostgresStore.open({ url, leaseDuration }));
        return { store, pause: () => proxy.pause(), resume: () => proxy.resume() };
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  });
});
