/** What Prosody's `util.http.formdecode` makes of a body: pairs, or the whole as one text when there is no `=`. */
export function decodeForm(body: string): Record<string, string> | string {
  if (!body.includes("=")) return percentDecode(body);
  const form: Record<string, string> = Object.create(null);
  for (const [, name = "", value = ""] of body.matchAll(/([^=&]*)=([^&]*)/g)) {
    form[percentDecode(name.replaceAll("+", " "))] = percentDecode(value.replaceAll("+", " "));
  }
  return form;
}

/** `application/x-www-form-urlencoded` of a flat object: strings, numbers and `true` survive, the rest is left out. */
export function encodeForm(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .flatMap(([name, value]) => {
      if (typeof value === "string") return [[name, value] as const];
      if (typeof value === "number") return [[name, String(value)] as const];
      return value === true ? [[name, ""] as const] : [];
    })
    .map(([name, value]) => `${plusEncode(name)}=${plusEncode(value)}`)
    .join("&");
}

/** Percent-encodes all but `A-Z a-z 0-9 . ~ _ -`, in lower-case hexadecimal as Prosody does. */
export function percentEncode(text: string): string {
  let encoded = "";
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    encoded += /[a-zA-Z0-9.~_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }
  return encoded;
}

/** The reverse; a `%` without two hexadecimal digits stays as it is. */
export function percentDecode(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (escaped) =>
    Buffer.from(escaped.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

function plusEncode(text: string): string {
  return percentEncode(text).replaceAll("%20", "+");
}
