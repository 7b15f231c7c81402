import type { HttpAnswer } from "../exchange.ts";
import type { HttpCall } from "../transport.ts";

/** What a failure is told by, as oauth4webapi keeps the response for itself. */
export interface FetchRecord {
  status: number | undefined;
}

interface FetchInit {
  readonly method: "GET" | "POST";
  readonly headers: Record<string, string>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The `fetch` that oauth4webapi is given: it sends to the server of mod_rest, over the client's own connections and with
 * its Host header, whatever origin the URL names. Only the path of the URL counts.
 */
export function oauthFetch(
  request: (call: HttpCall) => Promise<HttpAnswer>,
  record: FetchRecord,
): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, init) => {
    const { pathname, search } = new URL(url);
    record.status = undefined;
    const answer = await request({
      method: init.method,
      path: pathname + search,
      headers: init.headers,
      body: init.body === undefined ? undefined : String(init.body),
      signal: init.signal,
    });
    record.status = answer.status;
    const headers = { "content-type": String(answer.headers["content-type"] ?? "") };
    // Response takes no body with these, and only these statuses.
    const empty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    return new Response(empty ? null : new Uint8Array(answer.body), { status: answer.status, headers });
  };
}
