import { Jid } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";

/** What begins the key under which JSON has what is none of its own. */
const MARK = "@";

/** Makes JSON of the arguments of a command, in which dates and addresses may be; what else is none stays, for others to find. */
export function packArgs(value: unknown): unknown {
  if (value instanceof Date) return { "@date": value.getTime() };
  if (value instanceof Jid) return { "@jid": value.toString() };
  if (Array.isArray(value)) return value.map(packArgs);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const packed = Object.fromEntries(entries.map(([key, each]) => [key, packArgs(each)]));
  return Object.keys(packed).some((key) => key.startsWith(MARK)) ? { "@object": packed } : packed;
}

/** The arguments again. */
export function unpackArgs(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(unpackArgs);
  if (typeof value !== "object" || value === null) return value;
  const { "@date": date, "@jid": jid, "@object": object } = value as Readonly<Record<string, JsonValue>>;
  if (typeof date === "number") return new Date(date);
  if (typeof jid === "string") return Jid.fromWire(jid);
  const entries = Object.entries((object ?? value) as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(entries.map(([key, each]) => [key, unpackArgs(each)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
