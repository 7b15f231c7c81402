import { z } from "zod";
import { Jid } from "../../stanza/index.ts";
import { LONGEST_DURATION } from "./durations.ts";

/** How the words of an argument become its value; in a form (XEP-0004), what its field is. */
export type Kind = "text" | "number" | "integer" | "boolean" | "choice" | "duration" | "date" | "jid";

/** @internal What a schema of {@link arg} says of itself, also once `.describe()`, `.optional()` and checks were added. */
export interface ArgMeta {
  readonly kind: Kind;
  /** In which time zone a date is meant. */
  readonly zone?: string | undefined;
  /** Whether nobody else is to read it. */
  readonly secret?: boolean;
}

/** @internal */
export const argMeta: z.core.$ZodRegistry<ArgMeta> = z.registry<ArgMeta>();

/** The arguments of commands that are more than zod's own strings, numbers, booleans, enums and arrays. */
export const arg = {
  /**
   * A duration: `1h30m`, `90s`, `2 days`, `PT1H30M`. Its value is in milliseconds, so that `.min(60_000)` asks for a minute at
   * least; default from 0 to 100 years.
   */
  duration(): z.ZodNumber {
    return z.number().min(0).max(LONGEST_DURATION).register(argMeta, { kind: "duration" });
  },
  /**
   * A date: `tomorrow 9:00`, `friday 5pm`, `in 2 hours`, `2026-12-24`. Without a time it is the beginning of the day.
   *
   * @param options.zone the time zone that is meant, by its IANA name; default: that of the machine.
   * @throws RangeError when there is no such zone.
   */
  date({ zone }: { readonly zone?: string } = {}): z.ZodDate {
    // What is no zone is to be known when the bot is loaded, not when somebody uses it.
    if (zone !== undefined) new Intl.DateTimeFormat("en", { timeZone: zone });
    return z.date().register(argMeta, { kind: "date", zone });
  },
  /** A text that is not shown while it is typed into a form, nor said again, such as a token. In a chat it is seen like any other. */
  secret(): z.ZodString {
    return z.string().register(argMeta, { kind: "text", secret: true });
  },
  /** An address of XMPP: `juliet@example.com`, or `xmpp:juliet@example.com`. */
  jid(): z.ZodCustom<Jid, Jid> {
    return z.custom<Jid>((value) => value instanceof Jid).register(argMeta, { kind: "jid" });
  },
} as const;
