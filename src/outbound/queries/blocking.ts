import type { Jid } from "../../stanza/index.ts";
import {
  type Blocked,
  buildBlock,
  buildBlockListRequest,
  buildUnblock,
  NS_BLOCKING,
  readBlockList,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/**
 * Whom the server keeps away (XEP-0191). Only for a bot that has an account: the server blocks nobody for a component.
 */
export class Blocking {
  readonly #client: Requester;

  /** @internal */
  constructor(client: Requester) {
    this.#client = client;
  }

  /** Who is blocked. */
  async list(options: QueryOptions = {}): Promise<readonly Jid[]> {
    const list = readBlockList(await ask(this.#client, "get", undefined, buildBlockListRequest(), options));
    if (list === undefined) throw noPayload("blocklist", NS_BLOCKING);
    return list;
  }

  /** Blocks people or whole domains. @throws TypeError when there is none. */
  async block(jids: readonly (Jid | string | Blocked)[], options: QueryOptions = {}): Promise<void> {
    const payload = buildBlock(jids);
    await this.#client.iq({ type: "set", from: options.from, payload }, options);
  }

  /** Lets people or domains through again. @throws TypeError when there is none. */
  async unblock(jids: readonly (Jid | string)[] | "all", options: QueryOptions = {}): Promise<void> {
    const payload = buildUnblock(jids);
    await this.#client.iq({ type: "set", from: options.from, payload }, options);
  }
}
