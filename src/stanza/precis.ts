import { toUnicode } from "tr46";

/**
 * The two PRECIS profiles that an address of XMPP needs (RFC 8264, RFC 8265), derived from the Unicode properties that
 * the JavaScript engine carries, so that both move to a new Unicode together with Node. The rules of directionality and
 * of joiners are those of host names, which tr46 knows.
 */

/** Thrown when a string is not allowed by a profile; the message names the character and the reason. */
export class PrecisError extends Error {
  override name = "PrecisError";
}

/**
 * UsernameCaseMapped (RFC 8265 §3.3), the profile of a localpart: full-width and half-width forms are replaced by the
 * ordinary ones, case is folded, the result is in Normalization Form C. The rules come in the order of RFC 8264 §7.
 *
 * @throws {@link PrecisError}
 */
export function usernameCaseMapped(input: string): string {
  if (plainUsername.test(input)) return input.toLowerCase();
  const mapped = ordinaryWidth(input).toLowerCase().normalize("NFC");
  checkIdentifier(mapped);
  // Of a name with dots tr46 would judge each label by itself; a comma has the same direction as a dot.
  if (rightToLeft.test(mapped) && !isHostLabel(mapped.replaceAll(".", ","), { checkBidi: true })) {
    throw new PrecisError("it mixes what is written from the right with what is written from the left");
  }
  return mapped;
}

/**
 * OpaqueString (RFC 8265 §4.2), the profile of a resourcepart: nothing is folded, every kind of space becomes U+0020,
 * the result is in Normalization Form C.
 *
 * @throws {@link PrecisError}
 */
export function opaqueString(input: string): string {
  if (plainOpaque.test(input)) return input;
  const mapped = input.replace(/\p{Zs}/gu, " ").normalize("NFC");
  checkCharacters(mapped, (character) => freeform.test(character) || hasCompatibility(character));
  return mapped;
}

/**
 * @internal Checks each character by the IdentifierClass of RFC 8264 §4.2, which host names share (RFC 5892 §3).
 *
 * @throws {@link PrecisError}
 */
export function checkIdentifier(text: string): void {
  checkCharacters(
    text,
    (character) =>
      ascii7.test(character) ||
      identifierException.test(character) ||
      (letterDigit.test(character) && !hasCompatibility(character)),
  );
}

const plainUsername = /^[!-~]+$/;
const plainOpaque = /^[ -~]+$/;

const ascii7 = /^[!-~]$/;
// RFC 8264 §9.1; the freeform class adds other letters and digits, spaces, symbols and punctuation.
const letterDigit = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const freeform = /^[\p{L}\p{N}\p{M}\p{Zs}\p{S}\p{P}\u200c-\u200d]$/u;
// RFC 8264 §9.6 and §9.8: allowed though no letter or digit, some of them in one neighbourhood only.
const identifierException = /^[\u00b7\u0375\u05f3\u05f4\u06fd\u06fe\u0f0b\u200c-\u200d\u3007\u30fb]$/;
const neverAllowed = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/;
const ignorable = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
// RFC 8264 §9.9: conjoining jamo, which would give one syllable two spellings.
const oldHangulJamo = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/;
// Half-width jamo stay: their decompositions are not allowed, and NFKC would go on to compose them.
const otherWidth = /[\u3000\uff01-\uff9f\uffe0-\uffee]/g;
// The blocks of scripts written from the right, and of the digits that go with them.
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function ordinaryWidth(input: string): string {
  return input.replace(otherWidth, (character) => character.normalize("NFKC"));
}

function hasCompatibility(character: string): boolean {
  return character.normalize("NFKC") !== character;
}

/** RFC 8264 §8: each character by itself and, where RFC 5892 appendix A asks for it, by its neighbours. */
function checkCharacters(text: string, inClass: (character: string) => boolean): void {
  if (text === "") throw new PrecisError("it is empty");
  for (let index = 0; index < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(index) as number);
    const allowed =
      inClass(character) &&
      !neverAllowed.test(character) &&
      !oldHangulJamo.test(character) &&
      (character === "\u200c" || character === "\u200d" || !ignorable.test(character)) &&
      fitsContext(character, text, index);
    if (!allowed) {
      const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
      throw new PrecisError(`U+${code} is not allowed there`);
    }
    index += character.length;
  }
}

/** RFC 5892 appendix A. */
function fitsContext(character: string, text: string, index: number): boolean {
  switch (character) {
    case "\u200c":
    case "\u200d":
      return joins(character, text, index);
    case "\u00b7":
      return text[index - 1] === "l" && text[index + 1] === "l";
    case "\u0375":
      return /^\p{Script=Greek}/u.test(text.slice(index + 1));
    case "\u05f3":
    case "\u05f4":
      return /^\p{Script=Hebrew}/u.test(text.charAt(index - 1));
    case "\u30fb":
      return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
  }
  // The two rows of Arabic digits look alike: never both.
  if (/^[\u0660-\u0669]$/.test(character)) return !/[\u06f0-\u06f9]/.test(text);
  if (/^[\u06f0-\u06f9]$/.test(character)) return !/[\u0660-\u0669]/.test(text);
  return true;
}

/** RFC 5892 appendix A.1 and A.2, asked of tr46 about the letters around the joiner alone. */
function joins(joiner: string, text: string, index: number): boolean {
  const before = /\p{L}[\p{L}\p{M}]*$/u.exec(text.slice(0, index))?.[0] ?? "";
  const after = /^[\p{L}\p{M}]*/u.exec(text.slice(index + 1))?.[0] ?? "";
  return isHostLabel(before + joiner + after, { checkJoiners: true });
}

function isHostLabel(
  text: string,
  rules: { readonly checkBidi?: boolean; readonly checkJoiners?: boolean },
): boolean {
  return !toUnicode(text, rules).error;
}
