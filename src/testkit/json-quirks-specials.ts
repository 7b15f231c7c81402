import { el } from "../stanza/element.ts";
import { luaTruthy } from "../stanza/json/kind.ts";
import { NS_DATA } from "../stanza/json/schema-common.ts";
import { NS_OOB } from "../stanza/json/schema-message.ts";
import {
  NS_COMMANDS,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
  NS_XHTML,
  NS_XHTML_IM,
} from "../stanza/json/specials-ns.ts";
import { readXml } from "../stanza/read.ts";
import { ipairs, isTable, LuaStanza, ModRestCrash, member, pairs } from "./json-quirks-lua.ts";

/** What mod_rest makes of the keys that its schema does not cover; `undefined` makes it fail. */
export const specials: Readonly<Record<string, (value: unknown) => unknown>> = {
  html,
  disco,
  items,
  command,
  oob_url: (value) =>
    typeof value === "string" ? new LuaStanza("x", { xmlns: NS_OOB }).textTag("url", value) : undefined,
  dataform,
  formdata,
};

function html(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    const { children } = readXml(`<html xmlns='${NS_XHTML}'>${value}</html>`);
    return el("html", { xmlns: NS_XHTML_IM }, ...children);
  } catch (error) {
    throw new ModRestCrash("the html is not well-formed", { cause: error });
  }
}

function disco(value: unknown): LuaStanza {
  const xmlns = NS_DISCO_INFO;
  if (!isTable(value) || value === null) {
    return new LuaStanza("query", { xmlns, node: typeof value === "string" ? value : undefined });
  }
  const query = new LuaStanza("query", { xmlns, node: member(value, "node") });
  for (const identity of optional(value, "identities")) {
    query.tag("identity", pick(identity, ["category", "type", "name"])).up();
  }
  for (const feature of optional(value, "features")) query.tag("feature", { var: feature }).up();
  const extensions = member(value, "extensions");
  if (luaTruthy(extensions)) {
    for (const [formType, form] of pairs(extensions)) {
      if (!isTable(form)) throw new ModRestCrash("attempt to index a value that is no table");
      query.addChild(formdata({ ...(form as object), FORM_TYPE: formType }));
    }
  }
  return query;
}

function optional(value: unknown, key: string): readonly unknown[] {
  const list = member(value, key);
  return luaTruthy(list) ? ipairs(list) : [];
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, member(value, name)]));
}

function items(value: unknown): LuaStanza {
  const xmlns = NS_DISCO_ITEMS;
  if (!isTable(value) || value === null) {
    return new LuaStanza("query", { xmlns, node: typeof value === "string" ? value : undefined });
  }
  const query = new LuaStanza("query", { xmlns, node: member(value, "node") });
  for (const item of ipairs(value)) {
    if (typeof item === "string") query.tag("item", { jid: item });
    else if (isTable(item)) query.tag("item", pick(item, ["jid", "node", "name"]));
  }
  return query;
}

function command(value: unknown): LuaStanza | undefined {
  const xmlns = NS_COMMANDS;
  if (typeof value === "string") return new LuaStanza("command", { xmlns, node: value });
  if (!isTable(value) || value === null) return undefined;
  const cmd = new LuaStanza("command", { xmlns, ...pick(value, ["action", "node", "sessionid", "status"]) });
  const actions = member(value, "actions");
  const note = member(value, "note");
  if (isTable(actions)) {
    cmd.tag("actions", pick(actions, ["execute"]));
    for (const name of ["next", "prev", "complete"]) if (member(actions, name) === true) cmd.tag(name).up();
    cmd.up();
  } else if (isTable(note)) {
    cmd.textTag("note", member(note, "text"), pick(note, ["type"]));
  }
  const form = member(value, "form");
  const data = member(value, "data");
  if (luaTruthy(form)) cmd.addChild(dataform(form));
  else if (luaTruthy(data)) cmd.addChild(formdata(data));
  return cmd;
}

function dataform(value: unknown): LuaStanza | undefined {
  if (!isTable(value) || value === null) return undefined;
  const form = new LuaStanza("x", { xmlns: NS_DATA, type: member(value, "type") });
  for (const name of ["title", "instructions"]) {
    const text = member(value, name);
    if (luaTruthy(text)) form.textTag(name, text);
  }
  const fields = member(value, "fields");
  if (isTable(fields)) {
    for (const field of ipairs(fields)) if (isTable(field)) dataformField(form, field);
  }
  return form;
}

function dataformField(form: LuaStanza, field: unknown): void {
  // Never closed: the next field opens inside this one.
  form.tag("field", pick(field, ["var", "type", "label"]));
  const desc = member(field, "desc");
  if (luaTruthy(desc)) form.textTag("desc", desc);
  if (member(field, "required") === true) form.tag("required").up();
  const value = member(field, "value");
  if (typeof value === "string") form.textTag("value", value);
  else if (isTable(value)) {
    for (const one of ipairs(value)) form.textTag("value", one);
  }
  const options = member(field, "options");
  if (options === undefined || !isTable(options)) return;
  // It goes through the values where the options are meant.
  for (const option of ipairs(value)) {
    if (!isTable(option)) continue;
    form
      .tag("option", pick(option, ["label"]))
      .textTag("value", member(option, "value"))
      .up();
  }
}

function formdata(value: unknown): LuaStanza {
  const form = new LuaStanza("x", { xmlns: NS_DATA });
  for (const [key, values] of pairs(value)) {
    form.tag("field", { var: key });
    if (typeof values === "string") form.textTag("value", values);
    else if (values !== undefined && isTable(values)) {
      for (const one of ipairs(values)) form.textTag("value", one);
    }
    form.up();
  }
  return form;
}
