// XML 1.0 (fifth edition) §2.3 without the colon, as Namespaces in XML wants it, and without U+1680 and U+FEFF, which
// the standard lets into names although every tool takes them for spaces.
const start =
  "A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u167f\\u1681-\\u1fff\\u200c\\u200d" +
  "\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufefe\\uff00-\\ufffd\\u{10000}-\\u{effff}";

/** @internal The source of a regular expression (flag `u`) for a name without a prefix. */
export const NC_NAME = `[${start}][${start}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040]*`;

const ncName = new RegExp(NC_NAME, "uy");

const START = 1;
const PART = 2;
const ascii = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) ascii[code] = START | PART;
  else if (/[-.0-9]/.test(character)) ascii[code] = PART;
}

/** @internal Where the name without a prefix that begins at `from` ends; `from` itself where none begins. */
export function nameEnd(text: string, from: number): number {
  let code = text.charCodeAt(from);
  if (code < 128) {
    if (((ascii[code] as number) & START) === 0) return from;
    let index = from + 1;
    for (; index < text.length; index += 1) {
      code = text.charCodeAt(index);
      if (code >= 128) break;
      if (ascii[code] === 0) return index;
    }
    if (index === text.length) return index;
  }
  ncName.lastIndex = from;
  return ncName.test(text) ? ncName.lastIndex : from;
}
