import { type Element, el } from "../../stanza/index.ts";
import { statusLine } from "./http-conditions.ts";
import { decideType } from "./payload.ts";
import { writeAsProsody } from "./prosody-xml.ts";

const NS_STREAM_ERROR = "urn:ietf:params:xml:ns:xmpp-streams";

/** What mod_rest found wrong with a request; the names are those of its own table. */
export type RestErrorName = keyof typeof ERRORS;

interface RestErrorRow {
  readonly code: number;
  readonly type: string;
  readonly condition: string;
  readonly text?: string;
}

const ERRORS = {
  noauthz: row(401, "auth", "not-authorized", "No credentials provided"),
  unauthz: row(403, "auth", "not-authorized", "Credentials not accepted"),
  malformauthz: row(403, "auth", "not-authorized", "Credentials malformed"),
  parse: row(400, "modify", "not-well-formed", "Failed to parse payload"),
  xmlns: row(422, "modify", "invalid-namespace", "'xmlns' attribute must be empty"),
  name: row(
    422,
    "modify",
    "unsupported-stanza-type",
    "Invalid stanza, must be 'message', 'presence' or 'iq'.",
  ),
  to: row(422, "modify", "improper-addressing", "Invalid destination JID"),
  from: row(422, "modify", "invalid-from", "Invalid source JID"),
  fromAuth: row(403, "auth", "not-authorized", "Not authorized to send stanza with requested 'from'"),
  iqType: row(422, "modify", "invalid-xml", "'iq' stanza must be of type 'get' or 'set'"),
  iqTags: row(422, "modify", "bad-format", "'iq' stanza must have exactly one child tag"),
  mediatype: row(415, "cancel", "bad-format", "Unsupported media type"),
  size: row(413, "modify", "resource-constraint", "Payload too large"),
  iqConflict: row(500, "modify", "conflict", "IQ stanza id attribute already used"),
  iqTimeout: row(500, "wait", "remote-server-timeout", "IQ stanza timed out"),
  iqEvicted: row(500, "wait", "resource-constraint", "evicted from iq tracking cache"),
} as const satisfies Record<string, RestErrorRow>;

/** A request that mod_rest refuses. */
export class RestError extends Error {
  override name = "RestError";
  readonly row: RestErrorRow;

  constructor(name: RestErrorName) {
    super(ERRORS[name].text);
    this.row = ERRORS[name];
  }
}

/** Stands for an error in Prosody's Lua code: it breaks off the request with an HTML page, whatever `Accept` says. */
export class LuaCrash extends Error {
  override name = "LuaCrash";
}

/** A finished HTTP response. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The response for an error: the body follows `Accept` by position, HTML where it names none of the three. */
export function errorAnswer(error: RestErrorRow, accept: string): HttpAnswer {
  const { code, type, condition, text } = error;
  const contentType = decideType(accept, ["text/html", "application/xmpp+xml", "application/json"]);
  switch (contentType) {
    case "application/xmpp+xml":
      return { status: code, contentType, body: writeAsProsody(streamError(condition, text)) };
    case "application/json":
      return {
        status: code,
        contentType,
        body: JSON.stringify({ type: "error", code, error: { type, condition, text, source: "mod_rest" } }),
      };
    default:
      return { status: code, contentType: "text/html; charset=utf-8", body: htmlPage(code, text) };
  }
}

/** A page for people, as `mod_http_errors` makes one. */
export function htmlPage(status: number, text?: string): string {
  const extra = text === undefined ? "" : `<p class="extra">${text.replaceAll("'", "&apos;")}</p>`;
  return `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${statusLine(status)}</title>\n</head>\n<body>\n<h1>${statusLine(status)}</h1>\n${extra}\n</body>\n</html>\n`;
}

function streamError(condition: string, text: string | undefined): Element {
  return el(
    "error",
    { xmlns: "http://etherx.jabber.org/streams" },
    el(condition, { xmlns: NS_STREAM_ERROR }),
    text !== undefined && el("text", { xmlns: NS_STREAM_ERROR }, text),
  );
}

function row(code: number, type: string, condition: string, text: string): RestErrorRow {
  return { code, type, condition, text };
}
