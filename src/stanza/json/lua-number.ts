const decimal = /^[ \t-\r]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t-\r]*$/;
const hexadecimal = /^[ \t-\r]*([-+]?)(0[xX][\da-fA-F]+)[ \t-\r]*$/;

/** @internal The number that Lua's `tonumber` sees in a text, `Infinity` where it is too large for it. */
export function luaNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const hex = hexadecimal.exec(text);
  if (hex === null) return undefined;
  const value = Number(BigInt.asIntN(64, BigInt(hex[2] as string)));
  return hex[1] === "-" ? -value : value;
}

/** @internal A number as C writes it with `%.{digits}g`, which is how Lua spells what is no integer. */
export function formatGeneral(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < digits) return withoutZeros(value.toFixed(digits - 1 - power));
  const size = String(Math.abs(power)).padStart(2, "0");
  return `${withoutZeros(mantissa)}e${power < 0 ? "-" : "+"}${size}`;
}

/** @internal The digits that Lua 5.4 keeps of a number that is no integer. */
export const LUA_DIGITS = 14;

/** @internal Whether Lua holds a number as an integer, and so writes all its digits. */
export function isLuaInteger(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function withoutZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
