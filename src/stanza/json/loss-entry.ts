import type { JsonObject } from "./types.ts";

/** One thing that does not come through JSON. */
export interface LossEntry {
  /**
   * `to-json`: mod_rest leaves it out of the JSON that it sends, or alters it. `to-xml`: mod_rest reads another stanza
   * out of JSON than the one that was meant.
   */
  readonly direction: "to-json" | "to-xml";
  /** `part`: the rest of the stanza comes through. `stanza`: nothing does, because mod_rest fails. */
  readonly effect: "part" | "stanza";
  /** What is lost, in one sentence. */
  readonly what: string;
  /** An example: the stanza that was sent or meant; none where XML cannot write it. */
  readonly xml?: string;
  /** The JSON that mod_rest makes of `xml`, or that should become it; none where it makes none. */
  readonly json?: JsonObject;
  /** With `to-xml`: the stanza that mod_rest makes of `json` instead; none where it fails. */
  readonly read?: string;
}

/** @internal An entry as the tables write it. */
export type LossInit = Omit<LossEntry, "direction" | "effect"> & { readonly effect?: "stanza" };

/** @internal The entries of one direction. */
export function lossTable<Id extends string>(
  direction: LossEntry["direction"],
  entries: Readonly<Record<Id, LossInit>>,
): Readonly<Record<Id, LossEntry>> {
  const table = {} as Record<Id, LossEntry>;
  for (const id in entries) table[id] = { effect: "part", ...entries[id], direction };
  return table;
}
