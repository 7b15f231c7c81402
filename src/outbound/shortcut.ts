import { Jid } from "../stanza/index.ts";

/**
 * The path of one of mod_rest's shortcuts.
 *
 * @throws TypeError when `query` is no name of one, JidError when `jid` is none.
 */
export function shortcutPath(
  query: string,
  jid: string | Jid,
  params: Readonly<Record<string, string | number | undefined>>,
): string {
  if (!/^\w+$/.test(query)) {
    throw new TypeError(
      `${JSON.stringify(query)} is no shortcut of mod_rest; give the key of an IQ in its schema, such as "ping", "disco" or "archive"`,
    );
  }
  const to = jid instanceof Jid ? jid : Jid.fromWire(jid);
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `/${query}/${encodeURIComponent(String(to))}${text === "" ? "" : `?${text}`}`;
}
