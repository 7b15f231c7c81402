import type { Jid } from "../../stanza/index.ts";
import { PatternError, readPattern } from "../permissions/index.ts";
import type { Text } from "../text.ts";

/**
 * Who may see when a bot is there (RFC 6121 §3.1): everybody (`accept`), whom an admin lets (`ask`), nobody (`refuse`), or who is
 * listed, by account or by domain; then `otherwise` is what becomes of the others, by default `refuse`.
 */
export type ContactPolicy =
  | "accept"
  | "ask"
  | "refuse"
  | { readonly allow: readonly string[]; readonly otherwise?: "ask" | "refuse" | undefined };

/** How a bot is with its contacts. */
export interface ContactOptions {
  /** Default `accept`. An operator may have it otherwise. */
  readonly policy?: ContactPolicy | undefined;
  /** What it says to who has become a contact, once. Default: nothing. */
  readonly greeting?: Text | undefined;
  /** Whether it asks to see who may see it, so that it knows when they are there. Default: no, as most clients ask the person then. */
  readonly mutual?: boolean | undefined;
}

/** What becomes of somebody who wants to be a contact. */
export type Verdict = "accept" | "ask" | "refuse";

/** @internal {@link ContactOptions} that were checked. */
export interface ContactRules {
  judge(account: Jid): Verdict;
  readonly greeting: Text | undefined;
  readonly mutual: boolean;
}

const POLICIES: readonly unknown[] = ["accept", "ask", "refuse"];

/**
 * @internal Checks what was said of contacts.
 *
 * @throws TypeError when the policy is none.
 */
export function contactRules({
  policy = "accept",
  greeting,
  mutual = false,
}: ContactOptions = {}): ContactRules {
  return { judge: judgeBy(policy), greeting, mutual };
}

function judgeBy(policy: ContactPolicy): (account: Jid) => Verdict {
  if (typeof policy === "string") {
    if (!POLICIES.includes(policy)) throw none(JSON.stringify(policy));
    return () => policy;
  }
  const { allow, otherwise = "refuse" } = policy;
  if (otherwise !== "ask" && otherwise !== "refuse") throw none(`otherwise: ${JSON.stringify(otherwise)}`);
  const patterns = allow.map((text) => {
    try {
      return readPattern(text);
    } catch (error) {
      if (error instanceof PatternError) throw none(error.message);
      throw error;
    }
  });
  return (account) => {
    const subject = { account: account.bare, occupant: undefined };
    return patterns.some((pattern) => pattern.matches(subject)) ? "accept" : otherwise;
  };
}

function none(what: string): TypeError {
  return new TypeError(
    `that is no policy for contacts: ${what}; give "accept", "ask", "refuse", or { allow: ["example.com", "juliet@example.net"] }`,
  );
}
