import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";

const NS_CAPS = "http://jabber.org/protocol/caps";
const NS_DISCO_INFO = "http://jabber.org/protocol/disco#info";

/** What the server of a person asks a contact whose presence has capabilities that it does not know, as mod_pep does (XEP-0163 §4). */
export class CapsQuestions {
  readonly #known = new Set<string>();

  /** The question to somebody's available presence, if any. */
  about(presence: Element): Element | undefined {
    const caps = presence.child("c", NS_CAPS);
    const [node, ver] = [caps?.attr("node"), caps?.attr("ver")];
    if (caps?.attr("hash") !== "sha-1" || node === undefined || ver === undefined) return undefined;
    if (this.#known.has(`${node}#${ver}`)) return undefined;
    const attrs = { xmlns: NS_CLIENT, from: presence.attr("to"), to: presence.attr("from") };
    const query = el("query", { xmlns: NS_DISCO_INFO, node: `${node}#${ver}` });
    return el("iq", { ...attrs, id: "disco", type: "get" }, query);
  }

  /** Takes the answer to one. */
  learn(result: Element): void {
    const node = result.child("query", NS_DISCO_INFO)?.attr("node");
    if (result.attr("id") === "disco" && node !== undefined) this.#known.add(node);
  }
}
