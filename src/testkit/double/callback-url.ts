import type { Element } from "../../stanza/index.ts";
import { percentEncode } from "./form.ts";

/**
 * Fills `{kind}`, `{type}`, `{to}` and `{from}` of a callback URL, percent-encoded. What the stanza has no value for
 * stays as it stands: a message without a type leaves the literal `{type}`. `{type!}` is not encoded and
 * `{type?default}` has a default, as in Prosody's `util.interpolation`.
 */
export function fillCallbackUrl(template: string, stanza: Element): string {
  const values: Readonly<Record<string, string | undefined>> = {
    kind: stanza.name,
    type: stanza.attr("type"),
    to: stanza.attr("to"),
    from: stanza.attr("from"),
  };
  return template.replace(
    /\{([a-zA-Z_][\w.]*)(!?)(?:\?([^{}]*))?\}/g,
    (block, name: string, raw: string, fallback?: string) => {
      const value = values[name];
      if (value === undefined) return fallback ?? block;
      return raw === "" ? percentEncode(value) : value;
    },
  );
}
