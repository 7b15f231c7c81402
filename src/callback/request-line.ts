import type { Stanza } from "../stanza/index.ts";

/** What the URL of a callback says of its stanza; `undefined` where the URL has no such parameter. */
export interface RequestLine {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly kind: string | undefined;
  readonly type: string | undefined;
}

/** What mod_rest leaves in the URL for an attribute that the stanza lacks. */
const absent = { from: "{from}", to: "{to}", type: "{type}" } as const;

/** Reads the query `?from={from}&to={to}&kind={kind}&type={type}` of a callback URL as Prosody filled it in. */
export function readRequestLine(url: string): RequestLine {
  const line: { -readonly [Key in keyof RequestLine]: RequestLine[Key] } = {
    from: undefined,
    to: undefined,
    kind: undefined,
    type: undefined,
  };
  const start = url.indexOf("?");
  if (start === -1) return line;
  for (const pair of url.slice(start + 1).split("&")) {
    const equals = pair.indexOf("=");
    if (equals === -1) continue;
    const name = pair.slice(0, equals);
    if (name === "from" || name === "to" || name === "kind" || name === "type") {
      line[name] ??= decode(pair.slice(equals + 1));
    }
  }
  return line;
}

/** The value, or `undefined` when the stanza had no such attribute. */
export function present(name: "from" | "to" | "type", value: string | undefined): string | undefined {
  return value === absent[name] ? undefined : value;
}

/**
 * The first of from, to, kind and type in which the request line and the stanza disagree; `undefined` when they agree.
 *
 * The headers of a callback, and through them its body, can be bent by the sender of the stanza; the request line
 * cannot. So a stanza is believed only where both tell the same, to the letter.
 */
export function disagreement(line: RequestLine, stanza: Stanza): keyof RequestLine | undefined {
  const { element } = stanza;
  if (line.kind !== stanza.kind) return "kind";
  for (const name of ["from", "to", "type"] as const) {
    if (line[name] === undefined || present(name, line[name]) !== element.attr(name)) return name;
  }
  return undefined;
}

function decode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
