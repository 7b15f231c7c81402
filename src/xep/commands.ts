import { type Element, el, StanzaError } from "../stanza/index.ts";
import { type DataForm, NS_DATA, readDataForm } from "./data-forms.ts";

/** XEP-0050: Ad-Hoc Commands; also its feature, and the node of disco#items that lists the commands of an entity. */
export const NS_COMMANDS = "http://jabber.org/protocol/commands";

/** What is to be done with a command (XEP-0050 §4.1). */
export type CommandAction = "execute" | "next" | "prev" | "complete" | "cancel";

/** How far a command is. */
export type CommandStatus = "executing" | "completed" | "canceled";

/** Words about the state of a command. */
export interface CommandNote {
  readonly type: "info" | "warn" | "error";
  readonly text: string;
}

/** What somebody wants done with a command of ours. */
export interface CommandRequest {
  readonly node: string;
  /** `execute` where nothing is said; `undefined` for one that XEP-0050 does not know. */
  readonly action: CommandAction | undefined;
  /** `undefined` for a new session. */
  readonly sessionId: string | undefined;
  /** What was filled in. */
  readonly form: DataForm | undefined;
}

/** What an entity answers. */
export interface CommandAnswer {
  readonly node: string;
  readonly sessionId: string | undefined;
  readonly status: CommandStatus;
  /** What may be done next, besides to cancel; none where only `complete` is left, which is then what `execute` does. */
  readonly actions: readonly ("prev" | "next" | "complete")[];
  /** Which of them `execute` stands for. */
  readonly execute: CommandAction | undefined;
  readonly notes: readonly CommandNote[];
  readonly form: DataForm | undefined;
}

/** Reads a `<command/>` that somebody sends; `undefined` without a node. */
export function readCommandRequest(command: Element): CommandRequest | undefined {
  const node = command.attr("node");
  if (node === undefined) return undefined;
  return {
    node,
    action: ACTIONS.find((action) => action === (command.attr("action") ?? "execute")),
    sessionId: command.attr("sessionid"),
    form: formIn(command),
  };
}

/** Reads a `<command/>` that answers. */
export function readCommandAnswer(command: Element): CommandAnswer {
  const actions = command.child("actions");
  const execute = actions?.attr("execute");
  return {
    node: command.attr("node") ?? "",
    sessionId: command.attr("sessionid"),
    status: STATUSES.find((status) => status === command.attr("status")) ?? "completed",
    actions: STEPS.filter((step) => actions?.child(step) !== undefined),
    execute: ACTIONS.find((action) => action === execute),
    notes: command.childrenNamed("note").map((note) => ({
      type: NOTE_TYPES.find((type) => type === note.attr("type")) ?? "info",
      text: note.text,
    })),
    form: formIn(command),
  };
}

/** What a `<command/>` is made of that asks: of a form, the element. */
export interface CommandRequestInit {
  readonly node: string;
  readonly action?: CommandAction | undefined;
  readonly sessionId?: string | undefined;
  readonly form?: Element | undefined;
}

/** Asks for a step of a command. */
export function buildCommandRequest({ node, action, sessionId, form }: CommandRequestInit): Element {
  return el("command", { xmlns: NS_COMMANDS, node, action, sessionid: sessionId }, form);
}

/** What a `<command/>` is made of that answers: of a form, the element. */
export interface CommandAnswerInit {
  readonly node: string;
  readonly sessionId?: string | undefined;
  readonly status: CommandStatus;
  readonly actions?: CommandAnswer["actions"] | undefined;
  readonly execute?: CommandAction | undefined;
  readonly notes?: readonly CommandNote[] | undefined;
  readonly form?: Element | undefined;
  /** The language of its words. */
  readonly lang?: string | undefined;
}

/** Answers a step of a command. */
export function buildCommandAnswer(answer: CommandAnswerInit): Element {
  const { node, sessionId, status, actions = [], execute, notes = [], form, lang } = answer;
  return el(
    "command",
    { xmlns: NS_COMMANDS, sessionid: sessionId, node, status, "xml:lang": lang },
    actions.length > 0 &&
      el(
        "actions",
        { execute },
        STEPS.filter((step) => actions.includes(step)).map((step) => el(step)),
      ),
    notes.map(({ type, text }) => el("note", { type }, text)),
    form,
  );
}

/** Why a step of a command is refused (XEP-0050 §4.4), each with the error that it is said by. */
const CONDITIONS = {
  "malformed-action": "bad-request",
  "bad-action": "bad-request",
  "bad-locale": "bad-request",
  "bad-payload": "bad-request",
  "bad-sessionid": "bad-request",
  "session-expired": "not-allowed",
} as const;

/** A reason of XEP-0050 to refuse a step of a command. */
export type CommandCondition = keyof typeof CONDITIONS;

/** Refuses a step of a command. */
export function commandError(
  condition: CommandCondition,
  options: { readonly text?: string | undefined; readonly lang?: string | undefined } = {},
): StanzaError {
  return new StanzaError(CONDITIONS[condition], {
    ...options,
    application: el(condition, { xmlns: NS_COMMANDS }),
  });
}

/** Why a step of a command was refused, where XEP-0050 has a reason of its own for it. */
export function readCommandCondition({ application }: StanzaError): CommandCondition | undefined {
  if (application?.ns !== NS_COMMANDS || !Object.hasOwn(CONDITIONS, application.name)) return undefined;
  return application.name as CommandCondition;
}

function formIn(command: Element): DataForm | undefined {
  const form = command.child("x", NS_DATA);
  return form && readDataForm(form);
}

const ACTIONS: readonly CommandAction[] = ["execute", "next", "prev", "complete", "cancel"];
const STATUSES: readonly CommandStatus[] = ["executing", "completed", "canceled"];
const STEPS = ["prev", "next", "complete"] as const;
const NOTE_TYPES: readonly CommandNote["type"][] = ["info", "warn", "error"];
