import type { Jid, Stanza } from "../stanza/index.ts";
import type { DueWork } from "./due-work.ts";
import type { Fingerprint } from "./duplicates.ts";
import type { MountedBot } from "./mount.ts";

/** One stanza for one bot. */
export interface Delivery {
  readonly stanza: Stanza;
  readonly from: Jid;
  readonly bot: MountedBot;
  /** The key of the conversation that it is part of. */
  readonly conversation: string;
  /** Whether what answers the callback gets to the sender. */
  readonly inline: boolean;
  /** By what it is known should it come a second time. */
  readonly id: string | undefined;
  /** How other nodes know it should it come to them, where nothing says that it came before. */
  readonly seen: Fingerprint | undefined;
  /** When it came, where stanzas may come in another order than that in which they were sent; in milliseconds since 1970. */
  readonly racing?: number | undefined;
  /** What is done instead of what the bot does about stanzas, where a timer is due. */
  readonly due?: DueWork | undefined;
}

/** What the log is told of a stanza over which something went wrong. */
export function logged({ stanza, from }: Delivery, error: unknown): object {
  return { err: error, kind: stanza.kind, id: stanza.id, from: String(from) };
}
