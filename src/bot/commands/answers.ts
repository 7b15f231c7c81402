import { randomUUID } from "node:crypto";
import { Element, Message, message } from "../../stanza/index.ts";
import { buildCorrection, readCorrection } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { correctionIdOf } from "../messages/correction-id.ts";
import { replacing } from "../messages/replacing.ts";
import { occupantIdOf } from "../occupant-id.ts";
import type { Reply } from "../reply.ts";

/** What is remembered of how somebody's last command was answered. */
interface Remembered {
  /** The id of the message that was the command, before any correction. */
  readonly id: string;
  /** The ids of the answers, before any correction. */
  readonly answers: readonly string[];
  /** By what the room knows who it was. */
  readonly occupant: string | null;
}

/** How long the answer to a command can be corrected, in milliseconds. */
const CORRECTABLE = 60 * 60_000;
/** How many answers of one command can be. */
const MOST_ANSWERS = 8;

/**
 * The answers to one command. Where the message corrects the one before it (XEP-0308), each takes the place of what was answered then. Only the
 * last command of each sender is remembered, as only the last message can be corrected; the sender is the account, or in a
 * room the occupant, which XEP-0308 §4 wants to be the same.
 */
export class Answers {
  /** The id of the message that is corrected, where it was a command that has been answered. */
  readonly corrects: string | undefined;
  readonly #ctx: Context;
  readonly #id: string | undefined;
  readonly #before: readonly string[];
  readonly #occupant: string | null;
  readonly #given: string[] = [];
  #count = 0;

  private constructor(ctx: Context, corrected: string | undefined, remembered: Remembered | undefined) {
    this.#ctx = ctx;
    this.#occupant = ctx.inRoom ? (occupantIdOf(ctx) ?? null) : null;
    const isSame =
      remembered !== undefined && remembered.id === corrected && remembered.occupant === this.#occupant;
    this.corrects = isSame ? corrected : undefined;
    this.#before = isSame ? remembered.answers : [];
    this.#id = corrected ?? ctx.stanza.id;
  }

  /** To the message at hand. */
  static async to(ctx: Context): Promise<Answers> {
    const corrected = ctx.stanza.kind === "message" ? readCorrection(ctx.stanza) : undefined;
    if (corrected === undefined) return new Answers(ctx, undefined, undefined);
    const remembered = await area(ctx).get(keyOf(ctx));
    return new Answers(ctx, corrected, remembered as unknown as Remembered | undefined);
  }

  /** Makes the next answer, with an id by which it can be corrected, in the place of the one that it corrects. */
  next(reply: Reply): Reply {
    const said = typeof reply === "string" ? worded(reply) : reply;
    if (said instanceof Element || said?.kind !== "message" || said.body === undefined) return reply;
    if (said.to !== undefined && !said.to.bare.equals(this.#ctx.from.bare)) return reply;
    const id = said.id ?? randomUUID();
    const replaced = this.#replaced(id);
    if (replaced === undefined) return new Message(said.element.withAttrs({ id }));
    const element = said.element.withAttrs({ id: said.id ?? correctionIdOf(replaced) });
    return new Message(element.append(buildCorrection(replaced)));
  }

  /** Which answer from before the next one takes the place of. */
  get #next(): string | undefined {
    return this.#before[this.#count];
  }

  /** Counts the next answer, and tells which one from before it takes the place of. */
  #replaced(id: string): string | undefined {
    const replaced = this.#next;
    this.#count += 1;
    if (this.#given.length < MOST_ANSWERS) this.#given.push(replaced ?? id);
    return replaced;
  }

  /** Remembers them, together with all else that handling the message changes. */
  keep(): void {
    if (this.#id === undefined || this.#given.length === 0) return;
    const value = { id: this.#id, answers: this.#given, occupant: this.#occupant };
    area(this.#ctx).set(keyOf(this.#ctx), value, { ttl: CORRECTABLE });
  }

  /** Has what a handler replies by `ctx.reply` and `ctx.stream` go through {@link next}, too, while it works. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    const ctx = this.#ctx;
    const reply = ctx.reply.bind(ctx);
    Object.defineProperty(ctx, "reply", {
      configurable: true,
      value: (said: Reply) => reply(this.next(said)),
    });
    const next = (): string | undefined => this.#next;
    replacing.set(ctx, {
      get next() {
        return next();
      },
      take: (id) => this.#replaced(id),
    });
    try {
      return await work();
    } finally {
      replacing.delete(ctx);
      Reflect.deleteProperty(ctx, "reply");
    }
  }
}

function worded(text: string): Message | undefined {
  return text === "" ? undefined : message({ body: text });
}

function area(ctx: Context): ReturnType<Context["effects"]["area"]> {
  return ctx.effects.area("answers");
}

function keyOf({ from, inRoom }: Context): string {
  return `to ${inRoom ? from : from.bare}`;
}
