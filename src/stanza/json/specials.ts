import { command } from "./command.ts";
import { dataform } from "./dataform.ts";
import { disco, items } from "./disco.ts";
import { html } from "./html.ts";
import { oobUrl } from "./oob.ts";
import type { Special } from "./special.ts";

/** @internal The keys that the schema of mod_rest does not cover, in the order in which they are written. */
export const SPECIALS: readonly Special[] = [html, disco, items, command, oobUrl, dataform];

/** @internal The special that a child of a stanza belongs to. */
export function specialOf(name: string, ns: string): Special | undefined {
  return SPECIALS.find((special) => special.name === name && special.ns === ns);
}
