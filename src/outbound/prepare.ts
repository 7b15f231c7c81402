import { randomUUID } from "node:crypto";
import { type BaseStanza, type Element, StanzaShapeError, toStanza, writeXml } from "../stanza/index.ts";
import { RestRefusedError } from "./errors.ts";
import type { RestClientSettings } from "./options.ts";

/** A stanza as it leaves. */
export interface Prepared {
  readonly id: string;
  readonly kind: BaseStanza["kind"];
  readonly to: string | undefined;
  readonly xml: string;
}

type Bounds = Pick<RestClientSettings, "domain" | "maxStanzaBytes">;

/**
 * Checks a stanza and writes it.
 *
 * @param id the id it gets; default: its own, else a new one.
 * @throws JidError when `to` or `from` is no JID.
 * @throws StanzaShapeError when its element is no stanza.
 * @throws RestRefusedError when it is too large, or from another domain.
 */
export function prepare(stanza: BaseStanza, bounds: Bounds, id?: string): Prepared {
  const own = id ?? (stanza.id || randomUUID());
  const { element } = stanza.id === own ? stanza : { element: stanza.element.withAttrs({ id: own }) };
  checkShape(element, stanza.kind);
  checkAddresses(stanza, bounds.domain);
  const xml = writeXml(element);
  const bytes = Buffer.byteLength(xml);
  if (bytes > bounds.maxStanzaBytes) {
    throw new RestRefusedError(
      `the stanza has ${bytes} bytes, and Prosody takes ${bounds.maxStanzaBytes}: send less, or put it where it can be fetched (XEP-0363); who raises rest_stanza_size_limit in Prosody raises maxStanzaBytes too`,
      "too-large",
    );
  }
  return { id: own, kind: stanza.kind, to: stanza.to?.toString(), xml };
}

/**
 * Sees that an IQ is one that POST /rest takes.
 *
 * @throws StanzaShapeError when it is an answer.
 */
export function checkRequest(type: string): void {
  if (type === "get" || type === "set") return;
  throw new StanzaShapeError(
    `an IQ of type ${JSON.stringify(type)} cannot be sent through mod_rest, which takes get and set only: an answer goes out as the reply to the callback that brought the request, so return it from the handler`,
  );
}

function checkShape(element: Element, kind: BaseStanza["kind"]): void {
  if (toStanza(element).kind === kind) return;
  throw new StanzaShapeError(`a ${kind} is the element <${kind}/>, not <${element.name}/>`);
}

/** Reads both addresses, as a wrong `to` makes Prosody send the stanza back to its sender or fail late. */
function checkAddresses({ to, from }: BaseStanza, domain: string | undefined): void {
  if (from === undefined || domain === undefined || from.domain.toLowerCase() === domain) return;
  throw new RestRefusedError(
    `the stanza ${to === undefined ? "" : `to ${to} `}is from ${from}, and this client sends for ${domain} only: set from to a JID of ${domain}, or leave it out`,
    "forbidden-from",
  );
}
