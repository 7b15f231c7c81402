import type { Said } from "./endpoint.ts";

/** A question and its answer. */
export type Exchange = readonly [question: string, answer: string];

/** How much of a conversation is remembered. */
export interface HistoryLimits {
  /** How many questions with their answers. */
  readonly exchanges: number;
  /** How long they may be together, in UTF-16 units. */
  readonly characters: number;
}

/** What is left of a conversation within the limits: the latest of it. */
export function withinLimits(exchanges: readonly Exchange[], limits: HistoryLimits): Exchange[] {
  const kept: Exchange[] = [];
  let characters = 0;
  for (const exchange of exchanges.toReversed()) {
    characters += exchange[0].length + exchange[1].length;
    if (kept.length === limits.exchanges || characters > limits.characters) break;
    kept.unshift(exchange);
  }
  return kept;
}

/** What the model is told: who it is, what was said before, and the question. */
export function promptOf(system: string, exchanges: readonly Exchange[], question: string): Said[] {
  return [
    { role: "system", content: system },
    ...exchanges.flatMap(([asked, answered]): Said[] => [
      { role: "user", content: asked },
      { role: "assistant", content: answered },
    ]),
    { role: "user", content: question },
  ];
}
