/** A value that a Prosody option can have. */
export type LuaValue = string | number | boolean | readonly LuaValue[] | { readonly [key: string]: LuaValue };

/** Writes a string as a Lua literal, every byte that is not plain ASCII as a decimal escape. */
export function luaString(text: string): string {
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    out += plain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
  }
  return `"${out}"`;
}

/** Writes a value as a Lua expression: lists and records become tables. */
export function luaValue(value: LuaValue): string {
  if (typeof value === "string") return luaString(value);
  if (typeof value !== "object") return String(value);
  const entries = Array.isArray(value)
    ? value.map(luaValue)
    : Object.entries(value).map(([key, item]) => `[${luaString(key)}] = ${luaValue(item)}`);
  return `{ ${entries.join("; ")} }`;
}
