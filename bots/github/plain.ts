/** Line breaks, control characters, and what turns the direction of a line around. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu;

/**
 * Somebody's words as a part of a line: nothing in them begins another line, or has the rest of it read otherwise.
 *
 * @param longest in characters, the rest is left out.
 */
export function plain(text: string, longest = 120): string {
  const line = text.replace(UNRULY, " ").trim();
  const characters = Array.from(line);
  return characters.length <= longest
    ? line
    : `${characters
        .slice(0, longest - 1)
        .join("")
        .trimEnd()}…`;
}
