/** What a path below `/rest/` adds to a JSON or form payload: `{kind}/{type}/{to}`, or `iq/{query}/{to}`. */
export function amendFromPath(
  payload: Record<string, unknown>,
  path: string,
): Record<string, unknown> | undefined {
  const parts = /^([mpi]\w+)\/(\w+)\/(.*)$/s.exec(path);
  if (parts === null) return undefined;
  const [, kind = "", type = "", to = ""] = parts;
  const shortcut = kind === "iq" && type !== "get" && type !== "set";
  const amended = shortcut
    ? { kind: "iq", [type]: type === "ping" ? true : payload }
    : { ...payload, kind, type };
  return to === "" ? amended : { ...amended, to };
}
