import { idOf, page, type Received, status } from "../scripted-server.ts";

/** What an unreliable Prosody does with a request. */
export const WHIMS = [
  "accept",
  "accept slowly",
  "accept and break off",
  "accept and crash",
  "break off",
  "crash",
  "busy",
  "none",
] as const;
export type Whim = (typeof WHIMS)[number];

/** A Prosody that does what it likes, and remembers what it has taken. */
export class Unreliable {
  /** What it has taken, in that order: the ids of stanzas. */
  readonly taken: string[] = [];
  /** Those that it said it has taken. */
  readonly confirmed: Set<string> = new Set();
  /** What was sent although it had been confirmed. */
  readonly needless: string[] = [];
  whim: () => Whim;

  constructor(whim: () => Whim) {
    this.whim = whim;
  }

  readonly script = (request: Received): void => {
    const id = idOf(request.body);
    const whim = this.whim();
    if (this.confirmed.has(id)) this.needless.push(id);
    if (whim.startsWith("accept")) this.taken.push(id);
    switch (whim) {
      case "accept":
        this.#confirm(request, id);
        return;
      case "accept slowly":
        setTimeout(() => this.#confirm(request, id), 3);
        return;
      case "accept and break off":
      case "break off":
        request.socket.destroy();
        return;
      case "accept and crash":
      case "crash":
        request.response.writeHead(500, { "content-type": "text/html" }).end(page("Internal Server Error"));
        return;
      case "busy":
        status(request, 503);
        return;
      case "none":
        status(request, 404);
    }
  };

  /** Of one conversation, what was taken for the first time, in that order. */
  firsts(conversation: string): string[] {
    return [...new Set(this.taken)].filter((id) => id.startsWith(`${conversation} `));
  }

  /** How often something was taken that had been taken before. */
  get duplicates(): number {
    return this.taken.length - new Set(this.taken).size;
  }

  #confirm(request: Received, id: string): void {
    if (request.socket.destroyed) return;
    this.confirmed.add(id);
    status(request, 202);
  }
}
