import { type Element, Iq, Message, readXml, type Stanza, StanzaError, toStanza } from "../stanza/index.ts";
import type { RestHttpError } from "./errors.ts";
import type { HttpAnswer } from "./exchange.ts";
import { unexpectedAnswer } from "./http-failure.ts";

/** What a request was answered with. */
export interface IqAnswer {
  /** The result. */
  readonly iq: Iq;
  /** The messages that came before it, as with a query of an archive (XEP-0313 §4.2). */
  readonly messages: readonly Message[];
}

/** What reading an answer needs to know. */
export interface Reading {
  readonly maxBytes: number;
  /** Strikes secrets out of what an error shows. */
  readonly redact: (text: string) => string;
}

function readAnswer(answer: HttpAnswer, { maxBytes, redact }: Reading): Element {
  const type = redact(String(answer.headers["content-type"] ?? ""));
  if (!type.startsWith("application/xmpp+xml")) {
    throw unexpectedAnswer(
      answer.status,
      `with ${type === "" ? "no Content-Type" : JSON.stringify(type.slice(0, 80))} instead of application/xmpp+xml: compare url with the one of mod_rest`,
    );
  }
  try {
    // Prosody has read it already; the bytes bound it, and an archive or a list of items may be long.
    return readXml(answer.body, { bytes: maxBytes, elements: Infinity, children: Infinity });
  } catch (error) {
    throw unexpectedAnswer(answer.status, `the answer is no XML stanza: ${redact((error as Error).message)}`);
  }
}

/** Reads an answer that should be one stanza. */
export function readStanzaAnswer(answer: HttpAnswer, reading: Reading): Stanza {
  return asStanza(answer.status, readAnswer(answer, reading), reading);
}

/**
 * Reads the answer to an IQ: the result, or `<xmpp/>` around messages and the result.
 *
 * @param id the id of the request; `undefined` where Prosody chose it.
 * @throws StanzaError when it was answered with an error.
 * @throws RestHttpError when this is no answer to it.
 */
export function readIqAnswer(answer: HttpAnswer, reading: Reading, id: string | undefined): IqAnswer {
  const root = readAnswer(answer, reading);
  const stanzas = (root.name === "xmpp" ? root.elements : [root]).map((element) =>
    asStanza(answer.status, element, reading),
  );
  const iq = stanzas.find((stanza) => stanza instanceof Iq && (id === undefined || stanza.id === id));
  if (!(iq instanceof Iq) || (iq.type !== "result" && iq.type !== "error")) {
    throw unexpectedAnswer(answer.status, "the answer is none to this IQ: is a proxy mixing up answers?");
  }
  const { error } = iq;
  if (error !== undefined) throw error;
  return { iq, messages: stanzas.filter((stanza) => stanza instanceof Message) };
}

/** The error for an IQ that got an HTTP status instead of an answer. */
export function iqFailure(failure: RestHttpError): Error {
  if (failure.status !== 500 || failure.condition !== "remote-server-timeout") return failure;
  return new StanzaError("remote-server-timeout", {
    text: "The request was not answered in time",
    received: true,
    cause: failure,
  });
}

function asStanza(status: number, element: Element, { redact }: Reading): Stanza {
  try {
    return toStanza(element);
  } catch (error) {
    throw unexpectedAnswer(status, `the answer is no stanza: ${redact((error as Error).message)}`);
  }
}
