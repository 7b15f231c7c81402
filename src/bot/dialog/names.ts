import { type CommandTree, commandsOf } from "../commands/collect.ts";

/** @internal Some of the dialogs of a bot, as the others know them. */
export interface DialogSet {
  readonly names: Iterable<string>;
  /** Told of the names of all dialogs of the bot: one that is under way and has none of these is there no more; and of all commands. */
  knowAll(names: ReadonlySet<string>, commands: ReadonlySet<string>): void;
}

interface Tree extends CommandTree {
  readonly routes: readonly {
    readonly dialogs?: DialogSet | undefined;
    readonly commands?: CommandTree["routes"][number]["commands"];
    readonly inner?: readonly Tree[] | undefined;
  }[];
}

/** @internal Tells the dialogs of a bot of each other, once all are there. */
export function shareNames(bot: Tree): void {
  const sets = [...within(bot)];
  const names = new Set(sets.flatMap((set) => [...set.names]));
  const commands = new Set(commandsOf(bot).flatMap((each) => each.names));
  for (const set of sets) set.knowAll(names, commands);
}

function* within({ routes }: Tree): Generator<DialogSet> {
  for (const { dialogs, inner = [] } of routes) {
    if (dialogs !== undefined) yield dialogs;
    for (const each of inner) yield* within(each);
  }
}
