import { attributeRecord, Element } from "../element.ts";
import { attributesFromJson, attributesToJson } from "./dataform.ts";
import { expectList, expectObject, expectText, refuse } from "./expect.ts";
import { formFromMap, formToMap } from "./formdata.ts";
import type { LossLog } from "./loss-log.ts";
import { checked, loseAttributes, loseChildren } from "./scalars.ts";
import { NS_DATA } from "./schema-common.ts";
import type { Special } from "./special.ts";
import { NS_DISCO_INFO, NS_DISCO_ITEMS } from "./specials-ns.ts";
import { isJsonObject, type JsonDraft, type JsonValue, strangersRecord } from "./types.ts";

/** @internal XEP-0030: who one is and what one can do. */
export const disco: Special = {
  key: "disco",
  name: "query",
  ns: NS_DISCO_INFO,
  toJson(query, log) {
    loseAttributes(query, log, "node");
    const node = nodeOf(query, log);
    if (query.elements.length === 0) return bareQuery(query, node, log);
    const identities: JsonDraft[] = [];
    const features: JsonValue[] = [];
    let extensions: JsonDraft | undefined;
    for (const child of query.children) {
      const mark = log.mark;
      if (typeof child === "string") {
        log.add("stray-text", "text()");
        continue;
      }
      if (child.is("identity", NS_DISCO_INFO)) identityToJson(identities, child, log);
      else if (child.is("feature", NS_DISCO_INFO)) featureToJson(features, child, log);
      else if (child.is("x", NS_DATA)) {
        extensions ??= strangersRecord();
        extensionToJson(extensions, child, log);
      } else log.add("unknown-payload");
      log.inside(mark, query, child);
    }
    return {
      ...(node !== undefined && { node }),
      identities,
      features,
      ...(extensions !== undefined && Object.keys(extensions).length > 0 && { extensions }),
    };
  },
  fromJson(value, path) {
    if (!isJsonObject(value)) return queryFromJson(NS_DISCO_INFO, value, path);
    const at = `${path}.`;
    const children: Element[] = [];
    expectList(value["identities"] ?? [], `${at}identities`).forEach((identity, index) => {
      children.push(attributesElement("identity", identity, `${at}identities[${index}]`));
    });
    expectList(value["features"] ?? [], `${at}features`).forEach((feature, index) => {
      const attrs = attributeRecord();
      attrs["var"] = expectText(feature, `${at}features[${index}]`);
      children.push(new Element("feature", NS_DISCO_INFO, attrs, []));
    });
    const extensions = expectObject(value["extensions"] ?? {}, `${at}extensions`);
    for (const formType of Object.keys(extensions)) {
      const inside = `${at}extensions[${JSON.stringify(formType)}]`;
      const form = extensions[formType] as JsonValue;
      children.push(formFromMap(form, inside, "result", expectText(formType, inside)));
    }
    return new Element("query", NS_DISCO_INFO, attributesFromJson(value, ["node"], at), children);
  },
};

/** @internal XEP-0030: what there is to find. */
export const items: Special = {
  key: "items",
  name: "query",
  ns: NS_DISCO_ITEMS,
  toJson(query, log) {
    loseAttributes(query, log, "node");
    const node = nodeOf(query, log);
    if (query.elements.length === 0) return bareQuery(query, node, log);
    if (node !== undefined) log.add("items-node", "@node");
    const list: JsonDraft[] = [];
    for (const child of query.children) {
      const mark = log.mark;
      if (typeof child === "string") {
        log.add("stray-text", "text()");
        continue;
      }
      if (child.is("item", NS_DISCO_ITEMS)) {
        if (list.length > 0) log.add("items-nest");
        const item: JsonDraft = {};
        attributesToJson(item, child, ["jid", "node", "name"], log);
        loseChildren(child, log);
        list.push(item);
      } else log.add("unknown-payload");
      log.inside(mark, query, child);
    }
    return list;
  },
  fromJson(value, path) {
    if (!Array.isArray(value)) return queryFromJson(NS_DISCO_ITEMS, value, path);
    const children = value.map((item: JsonValue, index) => {
      const at = `${path}[${index}]`;
      return attributesElement("item", typeof item === "string" ? { jid: item } : item, at);
    });
    return new Element("query", NS_DISCO_ITEMS, attributeRecord(), children);
  },
};

function nodeOf(query: Element, log: LossLog): string | undefined {
  const node = query.attr("node");
  return node === undefined ? undefined : checked(node, log, "@node");
}

function bareQuery(query: Element, node: string | undefined, log: LossLog): JsonValue {
  loseChildren(query, log);
  return node ?? true;
}

/** A query that asks: `true`, or the name of a node. */
function queryFromJson(ns: string, value: JsonValue, path: string): Element {
  if (value !== true && typeof value !== "string")
    refuse(path, "true, the name of a node, or an answer", value);
  const attrs = attributeRecord();
  if (value !== true) attrs["node"] = expectText(value, path);
  return new Element("query", ns, attrs, []);
}

function identityToJson(identities: JsonDraft[], identity: Element, log: LossLog): void {
  if (identity.attr("category") === undefined || identity.attr("type") === undefined) {
    log.add("no-value");
    return;
  }
  const json: JsonDraft = {};
  attributesToJson(json, identity, ["category", "type", "name"], log);
  loseChildren(identity, log);
  identities.push(json);
}

function featureToJson(features: JsonValue[], feature: Element, log: LossLog): void {
  loseAttributes(feature, log, "var");
  loseChildren(feature, log);
  const name = feature.attr("var");
  if (name === undefined) log.add("no-value");
  else features.push(checked(name, log, "@var"));
}

function extensionToJson(extensions: JsonDraft, form: Element, log: LossLog): void {
  const { FORM_TYPE: formType, ...map } = formToMap(form);
  if (typeof formType === "string") {
    log.add("disco-form");
    extensions[formType] = { ...map };
  } else log.add("disco-form-type");
}

function attributesElement(name: "identity" | "item", value: JsonValue, path: string): Element {
  const json = expectObject(value, path);
  const names = name === "identity" ? ["category", "type", "name"] : ["jid", "node", "name"];
  const ns = name === "identity" ? NS_DISCO_INFO : NS_DISCO_ITEMS;
  return new Element(name, ns, attributesFromJson(json, names, `${path}.`), []);
}
