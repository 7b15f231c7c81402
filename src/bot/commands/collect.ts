import type { Command } from "./command.ts";

/** @internal What commands can be found in. */
export interface CommandTree {
  readonly routes: readonly {
    readonly commands?: { readonly commands: readonly Command<never>[] } | undefined;
    readonly inner?: readonly CommandTree[] | undefined;
  }[];
}

/** Every command of a bot or a composer, also of those inside, in the order in which they are tried. */
export function commandsOf({ routes }: CommandTree): Command<never>[] {
  return routes.flatMap(({ commands, inner = [] }) => [
    ...(commands?.commands ?? []),
    ...inner.flatMap(commandsOf),
  ]);
}
