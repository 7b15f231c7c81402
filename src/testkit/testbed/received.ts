import type { Element, Jid, Stanza, StanzaError } from "../../stanza/index.ts";
import {
  readChatState,
  readCorrection,
  readFiles,
  readReactions,
  readReceipt,
  readReplyTo,
  readRetraction,
  type SharedFile,
} from "../../xep/index.ts";
import { viewOf } from "../double/view.ts";

/** Something that a person in a test got. */
export class Received {
  readonly stanza: Stanza;

  /** @internal */
  constructor(element: Element) {
    this.stanza = viewOf(element);
  }

  get element(): Element {
    return this.stanza.element;
  }

  get from(): Jid | undefined {
    return this.stanza.from;
  }

  get id(): string | undefined {
    return this.stanza.id;
  }

  get type(): string {
    return this.stanza.type;
  }

  /** The words of a message. */
  get body(): string | undefined {
    return this.stanza.kind === "message" ? this.stanza.body : undefined;
  }

  get error(): StanzaError | undefined {
    return this.stanza.error;
  }

  /** The id of the message that this one corrects (XEP-0308). */
  get corrects(): string | undefined {
    return this.stanza.kind === "message" ? readCorrection(this.stanza) : undefined;
  }

  /** The emojis of a reaction (XEP-0444). */
  get reactions(): readonly string[] | undefined {
    return this.stanza.kind === "message" ? readReactions(this.stanza)?.emojis : undefined;
  }

  /** The id of the message that this one answers (XEP-0461). */
  get repliesTo(): string | undefined {
    return this.stanza.kind === "message" ? readReplyTo(this.stanza)?.id : undefined;
  }

  /** The id of the message that this one takes back (XEP-0424). */
  get retracts(): string | undefined {
    return this.stanza.kind === "message" ? readRetraction(this.stanza)?.id : undefined;
  }

  /** The files that a message shares (XEP-0447, XEP-0066). */
  get files(): readonly SharedFile[] {
    return this.stanza.kind === "message" ? readFiles(this.stanza) : [];
  }

  /** The form that a message holds (XEP-0004). */
  get form(): Element | undefined {
    return this.stanza.child("x", "jabber:x:data");
  }

  /** @internal Whether it says more than that somebody types, or that a message has arrived. */
  get isNews(): boolean {
    const { stanza } = this;
    if (stanza.kind !== "message" || stanza.body !== undefined || stanza.error) return true;
    const signs = [readChatState(stanza), readReceipt(stanza)].filter((sign) => sign !== undefined);
    return stanza.element.elements.length > signs.length;
  }
}

/** @internal Whether this is a message that says something: mischief is for these. */
export function isWords(element: Element): boolean {
  return element.name === "message" && new Received(element).isNews;
}
