import { Jid, JidError } from "../../stanza/index.ts";

/** A JID in its canonical spelling, or `undefined` when the text is none. */
export function prepared(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return Jid.parse(text).toString();
  } catch (error) {
    if (error instanceof JidError) return undefined;
    throw error;
  }
}

/** The address without its resource. */
export function bareOf(jid: string): string {
  const slash = jid.indexOf("/");
  return slash === -1 ? jid : jid.slice(0, slash);
}

/** The domain of an address. */
export function domainOf(jid: string): string {
  const bare = bareOf(jid);
  return bare.slice(bare.indexOf("@") + 1);
}

/** Which of Prosody's three events a stanza fires, by the shape of its destination. */
export type AddressEvent = "bare" | "full" | "host";

export function eventOf(jid: string): AddressEvent {
  if (!bareOf(jid).includes("@")) return "host";
  return jid.includes("/") ? "full" : "bare";
}
