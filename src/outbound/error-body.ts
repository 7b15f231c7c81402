import { type Element, readXml } from "../stanza/index.ts";

/** What the body of an HTTP error tells. */
export interface ErrorBody {
  readonly condition: string | undefined;
  readonly text: string | undefined;
  /** A page made for people: from a proxy, from Prosody itself where no mod_rest is, or after a crash in Lua. */
  readonly html: boolean;
}

const NS_STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";
const NS_STREAMS = "http://etherx.jabber.org/streams";
const LONGEST_TEXT = 300;
const LONGEST_BODY = 64 * 1024;

/** Reads the body of an HTTP error as mod_rest writes it: a stream error, JSON, or a page of HTML. */
export function readErrorBody(
  contentType: string,
  body: Buffer,
  redact: (text: string) => string,
): ErrorBody {
  const text = body.subarray(0, LONGEST_BODY).toString("utf8");
  const [condition, words] = contentType.startsWith("application/xmpp+xml")
    ? fromXml(text)
    : contentType.startsWith("application/json")
      ? fromJson(text)
      : [undefined, pageText(text)];
  // Secrets are struck out of the decoded text and before it is cut, so that neither an escape nor the cut hides one.
  const clean = (part: string | undefined): string | undefined => brief(part && redact(part));
  return { condition: clean(condition), text: clean(words), html: contentType.startsWith("text/html") };
}

type Told = readonly [condition: string | undefined, text: string | undefined];

function fromXml(text: string): Told {
  let root: Element;
  try {
    root = readXml(text);
  } catch {
    return [undefined, undefined];
  }
  if (!root.is("error", NS_STREAMS)) return [undefined, undefined];
  const condition = root.elements.find((child) => child.ns === NS_STREAM_ERRORS && child.name !== "text");
  return [condition?.name, root.childText("text", NS_STREAM_ERRORS)];
}

function fromJson(text: string): Told {
  let error: { condition?: unknown; text?: unknown } | undefined;
  try {
    error = (JSON.parse(text) as { error?: typeof error } | null)?.error;
  } catch {
    // Not what its type says: there is nothing to tell.
  }
  return [
    typeof error?.condition === "string" ? error.condition : undefined,
    typeof error?.text === "string" ? error.text : undefined,
  ];
}

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&apos;": "'",
};

function pageText(html: string): string {
  // Prosody's page has a title, an idle remark, and the reason in the last paragraph.
  const title = /<title>([^<]*)/i.exec(html)?.[1];
  const extra = /<p class="extra">([^<]*)/i.exec(html)?.[1];
  const text = title === undefined ? html.replace(/<[^>]*>/g, " ") : [title, extra ?? ""].join(" ");
  return text.replace(/&(?:lt|gt|amp|quot|apos);/g, (entity) => entities[entity] as string);
}

function brief(text: string | undefined): string | undefined {
  // Line breaks and the like would let a server write lines of its own into a log.
  const line = text?.replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line === "" ? undefined : line?.slice(0, LONGEST_TEXT);
}
