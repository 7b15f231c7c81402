import { randomUUID } from "node:crypto";
import type { Sender, SendOptions } from "../../bot/index.ts";
import type { Outcome } from "../../dispatch/index.ts";
import type { IqAnswer, IqOptions } from "../../outbound/index.ts";
import {
  type Iq,
  type Message,
  type Presence,
  readStanza,
  type Stanza,
  type StanzaError,
  writeXml,
} from "../../stanza/index.ts";
import type { Channel, Procedures } from "./channel.ts";
import { readFailure, type WrittenFailure, writeFailure } from "./failures.ts";

/** What became of a stanza, on its way between two processes. */
export type WrittenOutcome =
  | { readonly kind: "reply"; readonly xml: string }
  | { readonly kind: "error"; readonly error: WrittenFailure }
  | { readonly kind: "crash" | "timeout"; readonly again: boolean; readonly lang: string | undefined }
  | { readonly kind: "silent" | "accepted" | "unhandled" | "unavailable" };

export function writeOutcome(outcome: Outcome): WrittenOutcome {
  switch (outcome.kind) {
    case "reply":
      return { kind: "reply", xml: xmlOf(outcome.stanza) };
    case "error":
      return { kind: "error", error: writeFailure(outcome.error) };
    case "crash":
    case "timeout":
      return { kind: outcome.kind, again: outcome.again, lang: outcome.lang };
    default:
      return { kind: outcome.kind };
  }
}

/** @param words how the bot tells people of failures. */
export function readOutcome(
  written: WrittenOutcome,
  words: Pick<Outcome & { kind: "crash" }, "texts">,
): Outcome {
  switch (written.kind) {
    case "reply":
      return { kind: "reply", stanza: readStanza(written.xml) };
    case "error":
      return { kind: "error", error: readFailure(written.error) as StanzaError };
    case "crash":
    case "timeout": {
      const { kind, again, lang } = written;
      return { kind, again, ...words, ...(lang !== undefined && { lang }) };
    }
    default:
      return { kind: written.kind };
  }
}

export function xmlOf(stanza: Stanza): string {
  return writeXml(stanza.element);
}

function iqOf(xml: string): Iq {
  const stanza = readStanza(xml);
  if (stanza.kind !== "iq") throw new TypeError(`no IQ came over: ${stanza.kind}`);
  return stanza;
}

/** A request as it is written: with an id, without which it could not be read. */
function requestXml(request: Iq): string {
  return writeXml(
    request.id === undefined ? request.element.withAttrs({ id: randomUUID() }) : request.element,
  );
}

function spokenOf(xml: string): Message | Presence {
  const stanza = readStanza(xml);
  if (stanza.kind === "iq") throw new TypeError("an IQ came over where words were meant");
  return stanza;
}

type Asking = Pick<IqOptions, "timeout">;
type Naming = Pick<SendOptions, "once" | "along">;

/** The part of a sender that two processes have in common. */
export type PlainSender = Pick<Sender, "send" | "enqueue" | "iq" | "exchange">;

/** What the other process may send. @param name tells its procedures from those of other senders. */
export function senderProcedures(name: string, sender: PlainSender): Procedures {
  return {
    [`${name}.send`]: (xml: string, naming: Naming) => sender.send(spokenOf(xml), naming),
    [`${name}.enqueue`]: (xmls: readonly string[], naming: Naming) =>
      sender.enqueue?.(xmls.map(spokenOf), naming),
    [`${name}.iq`]: async (xml: string, asking: Asking) => xmlOf(await sender.iq(iqOf(xml), asking)),
    [`${name}.exchange`]: async (xml: string, asking: Asking) => {
      const answer = await sender.exchange?.(iqOf(xml), asking);
      return answer && { iq: xmlOf(answer.iq), messages: answer.messages.map(xmlOf) };
    },
  };
}

/** Sends by way of the other process. */
export function remoteSender(name: string, channel: Channel): Required<PlainSender> {
  const asking = ({ timeout }: IqOptions = {}): Asking => ({ timeout });
  const naming = ({ once, along }: Naming = {}): Naming => ({ once, along });
  return {
    send: (stanza, options = {}) =>
      unless(options.signal, channel.call(`${name}.send`, xmlOf(stanza), naming(options))),
    enqueue: (stanzas, options) => channel.call(`${name}.enqueue`, stanzas.map(xmlOf), naming(options)),
    iq: async (stanza, options = {}) =>
      iqOf(
        await unless(options.signal, channel.call<string>(`${name}.iq`, requestXml(stanza), asking(options))),
      ),
    exchange: async (stanza, options = {}): Promise<IqAnswer> => {
      const call = channel.call<{ iq: string; messages: string[] }>(
        `${name}.exchange`,
        requestXml(stanza),
        asking(options),
      );
      const { iq, messages } = await unless(options.signal, call);
      return { iq: iqOf(iq), messages: messages.map((xml) => spokenOf(xml) as Message) };
    },
  };
}

/** Waits no longer once a signal has fired; what was asked for goes on. */
async function unless<Result>(signal: AbortSignal | undefined, work: Promise<Result>): Promise<Result> {
  if (signal === undefined) return await work;
  const over = Promise.withResolvers<never>();
  const end = (): void => over.reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
