/** What an endpoint did instead of answering. `broken`: it stopped in the middle; `odd`: it refused the request as such. */
export type Trouble = "refused" | "busy" | "failing" | "away" | "broken" | "odd";

/** Why there is no answer, or no more of it. */
export class EndpointError extends Error {
  override name = "EndpointError";
  readonly trouble: Trouble;
  /** After how many seconds the endpoint wants to be asked again, where it says so. */
  readonly retryAfter: number | undefined;

  constructor(
    trouble: Trouble,
    message: string,
    options: ErrorOptions & { retryAfter?: number | undefined } = {},
  ) {
    super(message, options);
    this.trouble = trouble;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * Reads what a response that is no success says.
 *
 * @param apiKey is not repeated, where the endpoint does.
 */
export async function refusalOf(response: Response, apiKey: string | undefined): Promise<EndpointError> {
  const { status } = response;
  if (status === 401 || status === 403) {
    await response.body?.cancel();
    return new EndpointError(
      "refused",
      `the endpoint does not accept the key (HTTP ${status}): set apiKey, or ASSISTANT_API_KEY, to one that may use the model`,
    );
  }
  if (status === 429) {
    await response.body?.cancel();
    const retryAfter = secondsOf(response.headers.get("retry-after"));
    return new EndpointError("busy", "the endpoint takes no more requests at the moment (HTTP 429)", {
      retryAfter,
    });
  }
  const said = without(apiKey, await beginningOf(response));
  if (status >= 500) return new EndpointError("failing", `the endpoint failed with HTTP ${status}: ${said}`);
  return new EndpointError(
    "odd",
    `the endpoint refused the request with HTTP ${status}; look at url, model and parameters. It says: ${said}`,
  );
}

/** A text of the endpoint for the log: not all of it, and without the key. */
export function without(apiKey: string | undefined, text: string): string {
  const hidden = apiKey === undefined ? text : text.replaceAll(apiKey, "…");
  return hidden.slice(0, LONGEST_EXCERPT);
}

const LONGEST_EXCERPT = 500;

/** Enough of an error for the log, however much there is. */
async function beginningOf(response: Response): Promise<string> {
  let text = "";
  try {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      if (text.length >= 4 * LONGEST_EXCERPT) break;
    }
  } catch {
    // What has come is all there is.
  }
  return text || "nothing";
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function secondsOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1_000);
  return seconds > 0 && seconds <= 86_400 ? seconds : undefined;
}
