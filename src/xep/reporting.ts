import { type Element, el } from "../stanza/index.ts";
import { buildStanzaId, readStanzaIds, type StanzaId } from "./stanza-ids.ts";

/** XEP-0377: Blocking Command Reports; also its feature. */
export const NS_REPORTING = "urn:xmpp:reporting:1";

/** XEP-0377 §4: unwanted messages. */
export const REPORT_SPAM = "urn:xmpp:reporting:spam";

/** XEP-0377 §4: anything else that nobody should have to bear. */
export const REPORT_ABUSE = "urn:xmpp:reporting:abuse";

/** Why somebody is reported to the server. */
export interface Report {
  /** {@link REPORT_SPAM}, {@link REPORT_ABUSE}, or what else the server knows. */
  readonly reason: string;
  /** What happened, in words. */
  readonly text?: string | undefined;
  /** The language of the words. */
  readonly lang?: string | undefined;
  /** Which messages show it. */
  readonly messages?: readonly StanzaId[] | undefined;
  /** Whether the server of the one who is reported may be told. */
  readonly toOrigin?: boolean | undefined;
  /** Whether others who keep lists of such may be told. */
  readonly toOthers?: boolean | undefined;
}

/** Reads a `<report/>` inside an element, such as an item that is blocked. */
export function readReport(parent: Element): Report | undefined {
  const report = parent.child("report", NS_REPORTING);
  const reason = report?.attr("reason");
  if (report === undefined || reason === undefined) return undefined;
  const text = report.child("text");
  return {
    reason,
    text: text?.text.trim(),
    lang: text?.attr("xml:lang"),
    messages: readStanzaIds(report),
    toOrigin: report.child("report-origin") !== undefined,
    toOthers: report.child("third-party") !== undefined,
  };
}

/** Says why somebody is reported. */
export function buildReport({ reason, text, lang, messages = [], toOrigin, toOthers }: Report): Element {
  return el(
    "report",
    { xmlns: NS_REPORTING, reason },
    messages.map(buildStanzaId),
    text !== undefined && el("text", { "xml:lang": lang }, text),
    toOrigin === true && el("report-origin"),
    toOthers === true && el("third-party"),
  );
}
