import type { Element } from "../element.ts";
import type { LossId } from "./losses.ts";

/** One part of a stanza that does not come through JSON. */
export interface Loss {
  /** Which entry of {@link LOSSES} tells about it. */
  readonly id: LossId;
  /** Where in the stanza: `message/body[2]/@xml:lang`. */
  readonly path: string;
}

/** Beyond these only losses of a new sort are told, lest a hostile stanza makes the paths the dearest part of it. */
const MANY = 1000;

/**
 * @internal Collects losses while a tree is walked. Paths are put together on the way back, so that a walk without
 * losses pays nothing for them.
 */
export class LossLog {
  readonly #losses: { id: LossId; path: string }[] = [];

  get losses(): Loss[] {
    return this.#losses;
  }

  /** How many there are; the start for {@link LossLog.inside}. */
  get mark(): number {
    return this.#losses.length;
  }

  /** Notes a loss of the element at hand, or of the step (`@type`, `text()`) within it. */
  add(id: LossId, step = ""): void {
    if (this.#losses.length < MANY || !this.#losses.some((loss) => loss.id === id))
      this.#losses.push({ id, path: step });
  }

  /** Notes a loss of a child. */
  addChild(id: LossId, parent: Element, child: Element): void {
    const mark = this.mark;
    this.add(id);
    this.inside(mark, parent, child);
  }

  /** Puts the way from `parent` to `child` before the losses noted since `mark`. */
  inside(mark: number, parent: Element, child: Element): void {
    if (mark < this.#losses.length) this.under(mark, stepTo(parent, child));
  }

  /** Puts one step before the losses noted since `mark`. */
  under(mark: number, step: string): void {
    for (let index = mark; index < this.#losses.length; index += 1) {
      const loss = this.#losses[index] as { path: string };
      loss.path = loss.path === "" ? step : `${step}/${loss.path}`;
    }
  }
}

function stepTo(parent: Element, child: Element): string {
  let twins = 0;
  let index = 0;
  for (const other of parent.children) {
    if (typeof other === "string" || other.name !== child.name) continue;
    twins += 1;
    if (other === child) index = twins;
  }
  return twins > 1 ? `${child.name}[${index}]` : child.name;
}
