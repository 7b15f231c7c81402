import type { Element } from "../element.ts";
import { stripControls } from "../write.ts";
import type { LossLog } from "./loss-log.ts";
import { formatGeneral, isLuaInteger, LUA_DIGITS, luaNumber } from "./lua-number.ts";
import type { Scalar } from "./shape.ts";
import type { JsonDraft, JsonValue } from "./types.ts";

/** @internal The text of an element as Prosody sees it: none where there are elements inside. */
export function textOf(element: Element, log: LossLog): string | undefined {
  const { children } = element;
  if (children.length === 0) return "";
  const [first] = children;
  if (children.length === 1 && typeof first === "string") return checked(first, log);
  log.add("elements-in-text");
  return undefined;
}

/** @internal The text of the first child of a name, from the namespace of its parent. */
export function childTextOf(element: Element, name: string, log: LossLog): string | undefined {
  const child = element.child(name);
  return child === undefined ? undefined : plainTextOf(element, child, log);
}

/** @internal The text of a child whose attributes do not come through. */
export function plainTextOf(parent: Element, child: Element, log: LossLog): string | undefined {
  const mark = log.mark;
  loseAttributes(child, log);
  const text = textOf(child, log);
  log.inside(mark, parent, child);
  return text;
}

/** @internal Notes that text which Prosody cannot put into XML makes it fail. */
export function checked(text: string, log: LossLog, step?: string): string {
  if (stripControls(text) !== text) log.add("control-character", step);
  return text;
}

/** @internal Puts a text into JSON under its key, as its type wants it. */
export function putScalar(
  json: JsonDraft,
  key: string,
  type: Scalar,
  text: string,
  log: LossLog,
  step?: string,
): void {
  const value = type === "string" ? checked(text, log, step) : typed(type, text, log, step);
  if (value !== undefined) json[key] = value;
}

function typed(type: Scalar, text: string, log: LossLog, step: string | undefined): JsonValue | undefined {
  if (type === "boolean") {
    if (text !== "1" && text !== "0") log.add("boolean-spelling", step);
    return text !== "false" && text !== "0";
  }
  const number = luaNumber(text);
  if (number === undefined || String(number) !== text) {
    log.add(Math.abs(number ?? 0) === Infinity ? "number-infinite" : "number-spelling", step);
  } else if (type === "integer" && !isLuaInteger(number)) log.add("number-fraction", step);
  else if (type === "number" && formatGeneral(number, 6) !== text) log.add("number-digits", step);
  return number === undefined || Math.abs(number) === Infinity ? undefined : asLuaWrites(number);
}

function asLuaWrites(number: number): number {
  return isLuaInteger(number) ? number : Number(formatGeneral(number, LUA_DIGITS));
}

/** @internal Notes every attribute but those named as lost. */
export function loseAttributes(element: Element, log: LossLog, ...kept: readonly string[]): void {
  for (const name in element.attrs) if (!kept.includes(name)) log.add("unknown-attribute", `@${name}`);
}

/** @internal Notes everything inside an element as lost. */
export function loseChildren(element: Element, log: LossLog): void {
  for (const child of element.children) {
    if (typeof child === "string") log.add("stray-text", "text()");
    else log.addChild("unknown-payload", element, child);
  }
}
