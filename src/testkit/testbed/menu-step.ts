import type { Element } from "../../stanza/index.ts";
import {
  buildCommandRequest,
  buildSubmit,
  type CommandAction,
  type CommandAnswer,
  type FormField,
  readCommandAnswer,
} from "../../xep/index.ts";
import type { TestbedError } from "./error.ts";

/** What is filled into a form: the values by the names of the fields, or that of the only one. */
export type Filled = string | Readonly<Record<string, string | readonly string[]>>;

/** @internal What sends a step and brings the answer, and complains. */
export interface Menu {
  ask(payload: Element): Promise<Element | undefined>;
  fail(what: string): TestbedError;
}

/** What a step of a command in a menu led to (XEP-0050). */
export class MenuStep {
  readonly #menu: Menu;
  readonly #answer: CommandAnswer;

  private constructor(menu: Menu, answer: CommandAnswer) {
    this.#menu = menu;
    this.#answer = answer;
  }

  /** @internal */
  static async begin(menu: Menu, node: string, filled?: Filled): Promise<MenuStep> {
    const step = await MenuStep.#take(menu, buildCommandRequest({ node, action: "execute" }));
    return filled === undefined ? step : await step.next(filled);
  }

  static async #take(menu: Menu, request: Element): Promise<MenuStep> {
    const answer = await menu.ask(request);
    if (answer === undefined) throw menu.fail("the answer to a step of a command holds no <command/>");
    return new MenuStep(menu, readCommandAnswer(answer));
  }

  /** `executing` while there is more to do. */
  get status(): CommandAnswer["status"] {
    return this.#answer.status;
  }

  /** What may be done next, besides to cancel. */
  get actions(): CommandAnswer["actions"] {
    return this.#answer.actions;
  }

  /** What it says. */
  get notes(): readonly string[] {
    return this.#answer.notes.map(({ text }) => text);
  }

  /** What it says is wrong. */
  get problems(): readonly string[] {
    return this.#answer.notes.filter(({ type }) => type === "error").map(({ text }) => text);
  }

  /** The form to fill in, or that of the result. */
  get form(): CommandAnswer["form"] {
    return this.#answer.form;
  }

  /** What says which command and session it is. */
  get answer(): CommandAnswer {
    return this.#answer;
  }

  /** A field of the form. @throws TestbedError when there is none of this name. */
  field(name: string): FormField {
    const { fields = [] } = this.#answer.form ?? {};
    const found = fields.find((field) => field.var === name);
    if (found !== undefined) return found;
    const others = fields.map((field) => field.var).join(", ");
    throw this.#menu.fail(`there is no field ${name} in the form, but ${others || "none"}`);
  }

  /** Fills the form in, and does what the command has as its default: goes on, or comes to the end. */
  async next(filled?: Filled): Promise<MenuStep> {
    return await this.does(this.#answer.execute ?? "execute", filled);
  }

  /** Goes back. */
  async prev(): Promise<MenuStep> {
    return await this.does("prev");
  }

  /** Calls it off. */
  async cancel(): Promise<MenuStep> {
    return await this.does("cancel");
  }

  /** Does any of these. */
  async does(action: CommandAction, filled?: Filled): Promise<MenuStep> {
    const { node, sessionId } = this.#answer;
    const form = filled === undefined ? undefined : buildSubmit(this.#values(filled));
    return await MenuStep.#take(this.#menu, buildCommandRequest({ node, action, sessionId, form }));
  }

  #values(filled: Filled): Exclude<Filled, string> {
    if (typeof filled !== "string") return filled;
    const names = (this.#answer.form?.fields ?? []).flatMap((field) => field.var ?? []);
    const [name, ...others] = names;
    if (name === undefined || others.length > 0)
      throw this.#menu.fail(
        `the form has ${names.length} fields; say which is filled in: { ${names[0] ?? "name"}: … }`,
      );
    return { [name]: filled };
  }
}
