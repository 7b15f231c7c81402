/**
 * The two PRECIS profiles that an address of XMPP needs (RFC 8264, RFC 8265), derived from the Unicode properties that
 * the JavaScript engine carries, so that both move to a new Unicode together with Node.
 */

/** Thrown when a string is not allowed by a profile; the message names the character and the reason. */
export class PrecisError extends Error {
  override name = "PrecisError";
}

/**
 * UsernameCaseMapped (RFC 8265 §3.3), the profile of a localpart: full-width forms are narrowed, case is folded,
 * the result is in Normalization Form C.
 *
 * @throws {@link PrecisError}
 */
export function usernameCaseMapped(input: string): string {
  if (plainUsername.test(input)) return input.toLowerCase();
  const mapped = narrow(input).toLowerCase().normalize("NFC");
  if (mapped === "") throw new PrecisError("it is empty");
  for (let index = 0; index < mapped.length; ) {
    const character = String.fromCodePoint(mapped.codePointAt(index) as number);
    if (!letterDigit.test(character) && !ascii7.test(character)) reject(character);
    checkExceptions(character, mapped, index);
    index += character.length;
  }
  checkBidi(mapped);
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
  if (mapped === "") throw new PrecisError("it is empty");
  for (let index = 0; index < mapped.length; ) {
    const character = String.fromCodePoint(mapped.codePointAt(index) as number);
    if (!freeform.test(character) && !hasCompatibility(character)) reject(character);
    checkExceptions(character, mapped, index);
    index += character.length;
  }
  return mapped;
}

const plainUsername = /^[!-~]+$/;
const plainOpaque = /^[ -~]+$/;

// RFC 8264 §9.1, §9.11: what a name may be made of; the freeform class adds spaces, symbols and punctuation.
const letterDigit = /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]$/u;
const ascii7 = /^[!-~]$/;
const freeform =
  /^[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}\p{Lt}\p{Nl}\p{No}\p{Me}\p{Zs}\p{Sm}\p{Sc}\p{Sk}\p{So}\p{Pc}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\u200c\u200d]$/u;
const ignorable = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
// RFC 8264 §9.9: conjoining jamo, which would give one syllable two spellings.
const oldHangulJamo = /^[\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7c6\ud7cb-\ud7fb]$/;
const wide = /[\u3000\uff01-\uffef]/g;

function narrow(input: string): string {
  return input.replace(wide, (character) => character.normalize("NFKC"));
}

function hasCompatibility(character: string): boolean {
  return character.normalize("NFKC") !== character;
}

function reject(character: string): never {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  throw new PrecisError(`U+${code} is not allowed there`);
}

/** RFC 8264 §9.6 and RFC 5892 appendix A: characters that are fine in one neighbourhood only, and those that never are. */
function checkExceptions(character: string, text: string, index: number): void {
  const before = text.slice(0, index);
  const after = text.slice(index + character.length);
  switch (character) {
    case "\u200c":
    case "\u200d":
      if (
        !/[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0e3a\u0f84\u1039\u103a]$/.test(
          before,
        )
      ) {
        reject(character);
      }
      return;
    case "\u00b7":
      if (!before.endsWith("l") || !after.startsWith("l")) reject(character);
      return;
    case "\u0375":
      if (!/^\p{Script=Greek}/u.test(after)) reject(character);
      return;
    case "\u05f3":
    case "\u05f4":
      if (!/\p{Script=Hebrew}$/u.test(before)) reject(character);
      return;
    case "\u30fb":
      if (!/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)) reject(character);
      return;
    case "\u0640":
    case "\u07fa":
    case "\u302e":
    case "\u302f":
    case "\u3031":
    case "\u3032":
    case "\u3033":
    case "\u3034":
    case "\u3035":
    case "\u303b":
      reject(character);
  }
  if (ignorable.test(character) || oldHangulJamo.test(character)) reject(character);
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const leftToRight =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** RFC 5893 §2 as a username meets it: a right-to-left name starts with such a letter and holds no left-to-right one. */
function checkBidi(text: string): void {
  if (!rightToLeft.test(text)) return;
  if (leftToRight.test(text) || !/^\p{L}/u.test(text)) {
    throw new PrecisError("it mixes letters written from the right with letters written from the left");
  }
}
