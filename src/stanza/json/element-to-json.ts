import type { Element } from "../element.ts";
import type { LossLog } from "./loss-log.ts";
import { checked, loseAttributes, loseChildren, putScalar, textOf } from "./scalars.ts";
import { type ChildProp, type ListProp, propOf, type Shape } from "./shape.ts";
import type { JsonDraft, JsonValue } from "./types.ts";

/**
 * @internal Puts what a shape knows of an element into JSON, as util.datamapper's `parse` does.
 *
 * @param others is asked about child elements that the shape does not know; `true` where it takes one.
 */
export function elementToJson(
  json: JsonDraft,
  element: Element,
  shape: Shape,
  log: LossLog,
  others?: (child: Element) => boolean,
): JsonDraft {
  const { attrs, children } = element;
  for (const name in attrs) {
    const prop = shape.attributes.get(name);
    if (prop === undefined) log.add("unknown-attribute", `@${name}`);
    else putScalar(json, prop.key, prop.type, attrs[name] as string, log, `@${name}`);
  }
  let taken: ChildProp[] | undefined;
  for (const child of children) {
    if (typeof child === "string") {
      if (shape.text === undefined) log.add("stray-text", "text()");
      continue;
    }
    const mark = log.mark;
    const prop = propOf(shape, child.name, child.ns, element.ns);
    if (prop === undefined) {
      if (others?.(child) !== true) log.add("unknown-payload");
    } else if (prop.where === "list" && prop.wrapper === undefined) {
      const item = itemToJson(prop, child, log);
      if (item !== undefined) append(json, prop.key, item);
    } else if (taken?.includes(prop)) {
      log.add("repeated");
      if (prop.where === "choice") json[prop.key] = earlier(prop.names, json[prop.key] as string, child.name);
    } else {
      taken ??= [];
      taken.push(prop);
      childToJson(json, prop, child, log);
    }
    log.inside(mark, element, child);
  }
  if (shape.text !== undefined) {
    const text = textOf(element, log);
    if (text !== undefined) json[shape.text.key] = text;
  }
  return json;
}

function childToJson(json: JsonDraft, prop: ChildProp, child: Element, log: LossLog): void {
  switch (prop.where) {
    case "text-child": {
      loseAttributes(child, log);
      const text = textOf(child, log);
      if (text !== undefined) putScalar(json, prop.key, prop.type, text, log);
      return;
    }
    case "attribute-child": {
      loseAttributes(child, log, prop.attribute);
      loseChildren(child, log);
      const value = child.attr(prop.attribute);
      if (value === undefined) log.add("no-value");
      else json[prop.key] = checked(value, log, `@${prop.attribute}`);
      return;
    }
    case "flag":
    case "choice":
      loseAttributes(child, log);
      loseChildren(child, log);
      json[prop.key] = prop.where === "flag" ? true : child.name;
      return;
    case "object":
      json[prop.key] = elementToJson({}, child, prop.shape(), log);
      return;
    case "list":
      json[prop.key] = wrappedToJson(prop, child, log);
  }
}

function wrappedToJson(prop: ListProp, wrapper: Element, log: LossLog): JsonValue {
  loseAttributes(wrapper, log);
  const items: JsonValue[] = [];
  for (const child of wrapper.children) {
    const mark = log.mark;
    if (typeof child === "string") log.add("stray-text", "text()");
    else {
      if (child.is(prop.name, prop.ns ?? wrapper.ns)) items.push(itemToJson(prop, child, log) ?? {});
      else log.add("unknown-payload");
      log.inside(mark, wrapper, child);
    }
  }
  // Lua does not tell an empty list from an empty object.
  return items.length === 0 ? {} : items;
}

function itemToJson(prop: ListProp, item: Element, log: LossLog): JsonValue | undefined {
  if (prop.shape !== undefined) return elementToJson({}, item, prop.shape(), log);
  loseAttributes(item, log);
  return textOf(item, log);
}

function append(json: JsonDraft, key: string, item: JsonValue): void {
  const list = json[key] as JsonValue[] | undefined;
  if (list === undefined) json[key] = [item];
  else list.push(item);
}

function earlier(order: readonly string[], one: string, other: string): string {
  return order.indexOf(other) < order.indexOf(one) ? other : one;
}
