/**
 * A text for people: one for all, or one a language, by its tag (RFC 5646), such as `{ en: "Hello", de: "Hallo" }`.
 */
export type Text = string | Readonly<Record<string, string>>;

/**
 * Picks the text for a language: that of the tag, else of a shorter one (`de` for `de-AT`, RFC 4647 §3.4), else English, else the
 * first there is.
 *
 * @param lang as a stanza's `xml:lang` has it; `undefined` where nobody said.
 */
export function textIn(text: Text, lang: string | undefined): string {
  if (typeof text === "string") return text;
  const variants = new Map(Object.entries(text).map(([tag, variant]) => [tag.toLowerCase(), variant]));
  const subtags = (lang ?? "").toLowerCase().slice(0, LONGEST_TAG).split("-");
  for (let length = subtags.length; length > 0; length -= 1) {
    const variant = variants.get(subtags.slice(0, length).join("-"));
    if (variant !== undefined) return variant;
  }
  return variants.get("en") ?? [...variants.values()][0] ?? "";
}

/** RFC 5646 §4.4.1: what implementations have to provide for. The rest of a longer tag says nothing that is known here. */
const LONGEST_TAG = 35;
