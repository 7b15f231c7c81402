import type { Element, Jid } from "../../stanza/index.ts";
import {
  buildCommandRequest,
  buildSubmit,
  type CommandAction,
  type CommandAnswer,
  NS_COMMANDS,
  readCommandAnswer,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { commandFailure } from "./command-errors.ts";
import { items } from "./disco.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** One step of a command. */
export interface CommandOptions extends QueryOptions {
  /** Default `execute`: begin, or do what the responder has as its default. */
  readonly action?: CommandAction | undefined;
  /** That of the step before. Default: a new session. */
  readonly sessionId?: string | undefined;
  /** What is filled into the form of the step before. Default: nothing. */
  readonly values?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
}

/** What a step led to. */
export interface CommandStep extends CommandAnswer {
  /** The whole. */
  readonly element: Element;
}

/** A command that an entity offers. */
export interface CommandItem {
  readonly node: string;
  /** Where it is to be run. */
  readonly jid: string;
  readonly name: string | undefined;
}

/** XEP-0050 §2.2. */
export async function commands(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<readonly CommandItem[]> {
  const list = await items(client, jid, { ...options, node: NS_COMMANDS });
  return list.flatMap(({ node, jid, name }) => (node === undefined ? [] : [{ node, jid, name }]));
}

/** XEP-0050 §2.4. */
export async function command(
  client: Requester,
  jid: string | Jid,
  node: string,
  options: CommandOptions,
): Promise<CommandStep> {
  const { action = "execute", sessionId, values } = options;
  const form = values && buildSubmit(values);
  const payload = buildCommandRequest({ node, action, sessionId, form });
  try {
    const element = await ask(client, "set", jid, payload, options);
    return { ...readCommandAnswer(element), node, element };
  } catch (error) {
    throw commandFailure(error, node);
  }
}
