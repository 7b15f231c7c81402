import { type Element, el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { buildSubmit, type DataForm, NS_DATA, readForm } from "./data-form.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0050: Ad-Hoc Commands. */
export const NS_COMMANDS = "http://jabber.org/protocol/commands";

/** XEP-0050 §3.4. */
export type CommandAction = "execute" | "next" | "prev" | "complete" | "cancel";

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
export interface CommandStep {
  readonly node: string;
  readonly sessionId: string | undefined;
  /** `executing` while there is more to do. */
  readonly status: string;
  /** What may be done next, and which of them `execute` stands for. */
  readonly actions: readonly string[];
  readonly execute: string | undefined;
  readonly notes: readonly { readonly type: string; readonly text: string }[];
  readonly form: DataForm | undefined;
  /** The whole. */
  readonly element: Element;
}

/** XEP-0050 §2.4. */
export async function command(
  client: Requester,
  jid: string | Jid,
  node: string,
  options: CommandOptions,
): Promise<CommandStep> {
  const payload = el(
    "command",
    { xmlns: NS_COMMANDS, node, action: options.action ?? "execute", sessionid: options.sessionId },
    options.values !== undefined && buildSubmit(options.values),
  );
  const element = await ask(client, "set", jid, payload, options);
  const actions = element.child("actions");
  const form = element.child("x", NS_DATA);
  return {
    node,
    sessionId: element.attr("sessionid"),
    status: element.attr("status") ?? "completed",
    actions: actions?.elements.map((action) => action.name) ?? [],
    execute: actions?.attr("execute"),
    notes: element
      .childrenNamed("note")
      .map((note) => ({ type: note.attr("type") ?? "info", text: note.text })),
    form: form === undefined ? undefined : readForm(form),
    element,
  };
}
