import { attributeRecord, Element } from "../element.ts";
import { textElement } from "./element-from-json.ts";
import { expectText } from "./expect.ts";
import type { LossLog } from "./loss-log.ts";
import { childTextOf, loseAttributes } from "./scalars.ts";
import { NS_OOB } from "./schema-message.ts";
import type { Special } from "./special.ts";
import { isJsonObject, type JsonDraft, type JsonObject } from "./types.ts";

/** @internal XEP-0066: the address alone. A message has the key `oob` as well, which holds more. */
export const oobUrl: Special = {
  key: "oob_url",
  name: "x",
  ns: NS_OOB,
  toJson(element, log) {
    loseAttributes(element, log);
    const url = element.child("url");
    for (const child of element.children) {
      if (typeof child === "string") log.add("stray-text", "text()");
      else if (child !== url) log.addChild("unknown-payload", element, child);
    }
    if (url === undefined) log.add("no-value");
    return childTextOf(element, "url", log);
  },
  fromJson(value, path) {
    const url = textElement("url", NS_OOB, expectText(value, path));
    return new Element("x", NS_OOB, attributeRecord(), [url]);
  },
};

/** @internal The key `oob_url` of a message: the address in its last `<x/>`, beside `oob`, its first one whole. */
export function lastOobUrl(json: JsonDraft, message: Element, log: LossLog): void {
  const last = message.childrenNamed("x", NS_OOB).at(-1);
  const url = last?.child("url");
  if (last === undefined || url === undefined || url.elements.length > 0) return;
  json["oob_url"] = url.text;
  if (json["oob"] !== undefined) log.addChild("oob-twice", message, last);
}

/** @internal Whether `oob_url` says what `oob` says already. */
export function oobUrlIsKnown(json: JsonObject): boolean {
  const { oob } = json;
  return isJsonObject(oob) && oob["url"] === json["oob_url"];
}
