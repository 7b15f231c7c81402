import type { Element } from "../element.ts";
import type { LossLog } from "./loss-log.ts";
import type { JsonValue } from "./types.ts";

/** @internal A child element of a stanza that JSON does not simply mirror. */
export interface Special {
  readonly key: string;
  readonly name: string;
  readonly ns: string;
  toJson(element: Element, log: LossLog): JsonValue | undefined;
  /** Reads what was meant, even where mod_rest itself reads something else. */
  fromJson(value: JsonValue, path: string): Element;
}
