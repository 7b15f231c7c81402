import { attributeRecord, Element } from "../element.ts";
import { attributesFromJson, attributesToJson, dataform } from "./dataform.ts";
import { textElement } from "./element-from-json.ts";
import { expectObject, expectText, optionalText } from "./expect.ts";
import { formFromMap } from "./formdata.ts";
import type { LossLog } from "./loss-log.ts";
import { loseAttributes, loseChildren, putScalar, textOf } from "./scalars.ts";
import { NS_DATA } from "./schema-common.ts";
import type { Special } from "./special.ts";
import { NS_COMMANDS } from "./specials-ns.ts";
import type { JsonDraft, JsonObject, JsonValue } from "./types.ts";

const attributes = ["action", "node", "sessionid", "status"];
const steps: readonly string[] = ["next", "prev", "complete"];

/** @internal XEP-0050: ad-hoc commands. */
export const command: Special = {
  key: "command",
  name: "command",
  ns: NS_COMMANDS,
  toJson(element, log) {
    const json: JsonDraft = {};
    attributesToJson(json, element, attributes, log);
    const actions = element.child("actions");
    const note = element.child("note");
    const form = element.child("x", NS_DATA);
    for (const child of element.children) {
      const mark = log.mark;
      if (typeof child === "string") {
        log.add("stray-text", "text()");
        continue;
      }
      if (child === actions) json["actions"] = actionsToJson(child, log);
      else if (child === note) {
        if (actions === undefined) json["note"] = noteToJson(child, log);
        else log.add("command-note");
      } else if (child === form) json["form"] = dataform.toJson(child, log) as JsonValue;
      else log.add(isKnown(child) ? "repeated" : "unknown-payload");
      log.inside(mark, element, child);
    }
    return json;
  },
  fromJson(value, path) {
    if (typeof value === "string") {
      const attrs = attributeRecord();
      attrs["node"] = expectText(value, path);
      return new Element("command", NS_COMMANDS, attrs, []);
    }
    const json = expectObject(value, path);
    const at = `${path}.`;
    const children: Element[] = [];
    const { actions, note, form, data } = json;
    if (isPresent(actions))
      children.push(actionsFromJson(expectObject(actions, `${at}actions`), `${at}actions.`));
    if (isPresent(note)) children.push(noteFromJson(expectObject(note, `${at}note`), `${at}note.`));
    if (isPresent(form)) children.push(dataform.fromJson(form, `${at}form`));
    else if (isPresent(data)) children.push(formFromMap(data, `${at}data`, "submit"));
    return new Element("command", NS_COMMANDS, attributesFromJson(json, attributes, at), children);
  },
};

function isPresent(value: JsonValue | undefined): value is Exclude<JsonValue, null> {
  return value !== undefined && value !== null;
}

function isKnown(child: Element): boolean {
  return child.is("actions", NS_COMMANDS) || child.is("note", NS_COMMANDS) || child.is("x", NS_DATA);
}

function actionsToJson(actions: Element, log: LossLog): JsonDraft {
  const json: JsonDraft = {};
  attributesToJson(json, actions, ["execute"], log);
  for (const child of actions.children) {
    const mark = log.mark;
    if (typeof child === "string") {
      log.add("stray-text", "text()");
      continue;
    }
    loseAttributes(child, log);
    loseChildren(child, log);
    if (child.ns !== NS_COMMANDS || !steps.includes(child.name)) log.add("unknown-payload");
    else if (json[child.name] === true) log.add("repeated");
    else json[child.name] = true;
    log.inside(mark, actions, child);
  }
  return json;
}

function actionsFromJson(json: JsonObject, at: string): Element {
  const children = steps
    .filter((step) => json[step] === true)
    .map((step) => textElement(step, NS_COMMANDS, ""));
  return new Element("actions", NS_COMMANDS, attributesFromJson(json, ["execute"], at), children);
}

function noteToJson(note: Element, log: LossLog): JsonDraft {
  const json: JsonDraft = {};
  attributesToJson(json, note, ["type"], log);
  const text = textOf(note, log);
  if (text !== undefined) putScalar(json, "text", "string", text, log);
  return json;
}

function noteFromJson(json: JsonObject, at: string): Element {
  const text = optionalText(json, "text", at) ?? "";
  return new Element("note", NS_COMMANDS, attributesFromJson(json, ["type"], at), text === "" ? [] : [text]);
}
