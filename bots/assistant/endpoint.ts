import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { EndpointError, refusalOf, without } from "./endpoint-error.ts";

/** Where the model is, and how it is asked. */
export interface Endpoint {
  /** What `/chat/completions` is appended to. */
  readonly url: string;
  readonly model: string;
  readonly apiKey: string | undefined;
  /** What else each request has, such as `temperature`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Something said, as the endpoint wants it. */
export interface Said {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** The longest event, in UTF-16 units; one is a few words. */
const LONGEST_EVENT = 256 * 1024;

const chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  error: z.unknown().optional(),
});

/**
 * Has a model go on with a conversation, by the Chat Completions API that OpenAI has defined and most others have, too.
 *
 * @param cut said at the end of an answer that has reached the greatest length.
 * @returns the pieces of its answer, as they come.
 * @throws EndpointError when there is no answer, or it breaks off; the reason of `signal` when that has fired.
 */
export async function* complete(
  endpoint: Endpoint,
  messages: readonly Said[],
  { signal, cut }: { readonly signal: AbortSignal; readonly cut: string },
): AsyncGenerator<string, void, undefined> {
  const events = await ask(endpoint, messages, signal);
  let finished = false;
  try {
    for await (const { data } of events) {
      if (data === "[DONE]") return;
      const { choices, error } = chunk.parse(JSON.parse(data));
      if (error !== undefined)
        throw new EndpointError(
          "broken",
          `the endpoint failed in the middle: ${without(endpoint.apiKey, data)}`,
        );
      const [choice] = choices;
      if (choice?.delta?.content) yield choice.delta.content;
      if (choice?.finish_reason === "length") yield ` ${cut}`;
      finished ||= typeof choice?.finish_reason === "string";
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof EndpointError) throw cause;
    throw new EndpointError("broken", "the answer of the endpoint broke off, or is no stream of events", {
      cause,
    });
  }
  if (!finished)
    throw new EndpointError("broken", "the answer of the endpoint has no end, or is no stream of events");
}

async function ask(
  { url, model, apiKey, parameters }: Endpoint,
  messages: readonly Said[],
  signal: AbortSignal,
): Promise<ReadableStream<{ readonly data: string }>> {
  const response = await fetch(`${url.replace(/\/+$/, "")}/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ ...parameters, model, messages, stream: true }),
    // The key is for this address alone.
    redirect: "error",
    signal,
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new EndpointError("away", "the endpoint cannot be reached: look whether it runs, and at url", {
      cause,
    });
  });
  if (!response.ok) throw await refusalOf(response, apiKey);
  if (response.body === null) throw new EndpointError("broken", "the endpoint answered with nothing");
  return response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT }));
}
