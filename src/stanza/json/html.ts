import { type Element, el } from "../element.ts";
import { readXml } from "../read.ts";
import { XmlReadError } from "../read-error.ts";
import { writeXml, XmlWriteError } from "../write.ts";
import { expectText } from "./expect.ts";
import { JsonStanzaError } from "./json-error.ts";
import { loseAttributes } from "./scalars.ts";
import type { Special } from "./special.ts";
import { NS_XHTML, NS_XHTML_IM } from "./specials-ns.ts";

/** @internal XEP-0071: the XHTML body as a string of XML. */
export const html: Special = {
  key: "html",
  name: "html",
  ns: NS_XHTML_IM,
  toJson(element, log) {
    loseAttributes(element, log);
    const body = element.child("body", NS_XHTML);
    for (const child of element.children) {
      if (typeof child === "string") log.add("stray-text", "text()");
      else if (child !== body) log.addChild("html-body", element, child);
    }
    if (body === undefined) {
      log.add("html-body");
      return "nil";
    }
    try {
      return writeXml(body, NS_XHTML);
    } catch (error) {
      if (!(error instanceof XmlWriteError)) throw error;
      log.add("control-character");
      return undefined;
    }
  },
  fromJson(value, path) {
    const text = expectText(value, path);
    let content: Element;
    try {
      content = readXml(`<html xmlns="${NS_XHTML}">${text}</html>`);
    } catch (cause) {
      if (!(cause instanceof XmlReadError)) throw cause;
      throw new JsonStanzaError(path, `it is no well-formed XHTML (${cause.reason})`, { cause });
    }
    return el("html", { xmlns: NS_XHTML_IM }, ...content.children);
  },
};
