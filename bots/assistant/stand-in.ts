import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** What the bot sent. */
export interface Asked {
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly max_tokens?: number;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
}

type Answer = (response: ServerResponse) => void | Promise<void>;

/** An endpoint on loopback, which answers as the test has told it, and by default with the question. */
export class StandIn implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #answers: Answer[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<StandIn> {
    const standIn = new StandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** The next answer. */
  next(answer: Answer): void {
    this.#answers.push(answer);
  }

  /** Has the next answer be these pieces. */
  says(...pieces: readonly string[]): void {
    this.next((response) => {
      for (const piece of pieces) response.write(event({ delta: { content: piece } }));
      response.end(`${event({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`);
    });
  }

  /** Has the next answer be an error. */
  refuses(status: number, headers: Readonly<Record<string, string>> = {}, body = "{}"): void {
    this.next((response) => void response.writeHead(status, headers).end(body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await json(request)) as Asked["body"];
    if (request.url !== "/v1/chat/completions") return void response.writeHead(404).end();
    this.asked.push({ authorization: request.headers.authorization, body });
    if (this.#answers.length === 0) this.says(`You said: ${body.messages.at(-1)?.content}`);
    await this.#answers.shift()?.(response);
  }
}

/** An event with a part of an answer. */
export function event(choice: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
}
