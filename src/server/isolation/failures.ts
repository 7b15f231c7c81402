import { SetupError } from "../../bot/index.ts";
import { BounceError, RestError, type RestErrorKind } from "../../outbound/index.ts";
import { JidError, readStanza, readXml, StanzaError, writeXml } from "../../stanza/index.ts";
import { ConflictError, StoreClosedError, StoreError } from "../../store/index.ts";

/** An error on its way between two processes. */
export interface WrittenFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly kind: "bounce" | "stanza" | "conflict" | "closed" | "store" | "rest" | "jid" | "setup" | "other";
  /** What a stanza error says, or what came back. */
  readonly xml?: string | undefined;
  readonly received?: boolean | undefined;
  readonly index?: number | undefined;
  readonly problem?: string | undefined;
  readonly rest?:
    | { readonly kind: RestErrorKind; readonly retryable: boolean; readonly maybeDelivered: boolean }
    | undefined;
  readonly cause?: WrittenFailure | undefined;
}

/** Writes an error down, with what handlers tell it by. */
export function writeFailure(error: unknown): WrittenFailure {
  if (!(error instanceof Error))
    return { name: "Error", message: String(error), stack: undefined, kind: "other" };
  const { name, message, stack } = error;
  const cause = error.cause instanceof Error ? { cause: writeFailure(error.cause) } : {};
  const plain = { name, message, stack, ...cause };
  if (error instanceof BounceError) return { ...plain, kind: "bounce", xml: writeXml(error.stanza.element) };
  if (error instanceof StanzaError)
    return { ...plain, kind: "stanza", xml: writeXml(error.toElement()), received: error.received };
  if (error instanceof ConflictError)
    return { ...plain, kind: "conflict", index: error.index, problem: error.problem };
  if (error instanceof StoreClosedError) return { ...plain, kind: "closed" };
  if (error instanceof StoreError) return { ...plain, kind: "store" };
  if (error instanceof RestError) {
    const { kind, retryable, maybeDelivered } = error;
    return { ...plain, kind: "rest", rest: { kind, retryable, maybeDelivered } };
  }
  if (error instanceof JidError) return { ...plain, kind: "jid" };
  if (error instanceof SetupError) return { ...plain, kind: "setup" };
  return { ...plain, kind: "other" };
}

/** The error that was written: of the same class, where handlers may ask for it. */
export function readFailure(written: WrittenFailure): Error {
  const error = build(written);
  const cause = written.cause && { cause: readFailure(written.cause) };
  return Object.assign(error, { name: written.name, stack: written.stack ?? error.stack, ...cause });
}

function build({ kind, message, xml = "", received, index = 0, problem = "", rest }: WrittenFailure): Error {
  switch (kind) {
    case "bounce": {
      const stanza = readStanza(xml);
      return stanza.kind === "iq" ? new Error(message) : new BounceError(stanza);
    }
    case "stanza": {
      const { condition, ...told } = StanzaError.fromElement(readXml(xml));
      return new StanzaError(condition, { ...told, received });
    }
    case "conflict":
      return new ConflictError(index, problem);
    case "closed":
      return new StoreClosedError();
    case "store":
      return new StoreError(message);
    case "rest":
      return new RestError(message, rest ?? { kind: "unexpected", retryable: false, maybeDelivered: false });
    case "jid":
      return Object.assign(Object.create(JidError.prototype) as Error, { message });
    case "setup":
      return new SetupError(message);
    default:
      return new Error(message);
  }
}
