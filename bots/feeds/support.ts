import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A web site in a test, on loopback. */
export interface TestSite extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The paths that were asked for, in their order. */
  readonly asked: string[];
  /** Says what it answers from now on. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Starts one that answers 404 until it is told otherwise. */
export async function testSite(): Promise<TestSite> {
  const asked: string[] = [];
  const site = {
    url: "",
    asked,
    answer: (_: IncomingMessage, response: ServerResponse) => void response.writeHead(404).end(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    site.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return site;
}

/** An RSS feed of these items, the newest first. */
export function rss(title: string, ...items: readonly string[]): string {
  const written = items.map(
    (item) =>
      `<item><title>${item}</title><guid>${item}</guid><link>https://example.org/${item}</link></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title>${written.join("")}</channel></rss>`;
}
