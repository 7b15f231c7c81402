/** @internal Some of the dialogs of a bot, as the others know them. */
export interface DialogSet {
  readonly names: Iterable<string>;
  /** Told of the names of all dialogs of the bot: one that is under way and has none of these is there no more. */
  knowAll(names: ReadonlySet<string>): void;
}

interface Tree {
  readonly routes: readonly {
    readonly dialogs?: DialogSet | undefined;
    readonly inner?: readonly Tree[] | undefined;
  }[];
}

/** @internal Tells the dialogs of a bot of each other, once all are there. */
export function shareNames(bot: Tree): void {
  const sets = [...within(bot)];
  const names = new Set(sets.flatMap((set) => [...set.names]));
  for (const set of sets) set.knowAll(names);
}

function* within({ routes }: Tree): Generator<DialogSet> {
  for (const { dialogs, inner = [] } of routes) {
    if (dialogs !== undefined) yield dialogs;
    for (const each of inner) yield* within(each);
  }
}
