import type { Account } from "./account.ts";
import { prepared } from "./addresses.ts";
import { freshId } from "./answers.ts";
import type { ProsodyVersion } from "./options.ts";
import { LuaCrash, RestError } from "./rest-error.ts";

/** Whom credentials stand for: a JID, under which and below which stanzas may be sent. */
export interface Identity {
  readonly jid: string;
}

/** What one host accepts. */
export interface CredentialRules {
  readonly domain: string;
  readonly version: ProsodyVersion;
  /** A VirtualHost's accounts; `undefined` on a component. */
  readonly account: ((bare: string) => Account | undefined) | undefined;
  readonly secret: string | undefined;
  /** The static tokens of `mod_restanza_token`; `undefined` where it is not loaded. */
  readonly tokens: readonly string[] | undefined;
  /** Whom an access token was issued to. */
  readonly issued: (token: string) => string | undefined;
}

/**
 * Who sends a request, by its `Authorization` header.
 *
 * @throws {@link RestError}, or {@link LuaCrash} where a stock Prosody crashes.
 */
export function identify(rules: CredentialRules, authorization: string | undefined): Identity {
  const [, scheme = "", data = ""] = /^(\S+)\s(.+)$/s.exec(authorization ?? "") ?? [];
  switch (scheme.toLowerCase()) {
    case "basic":
      return rules.account === undefined ? componentBasic(rules, data) : accountBasic(rules, data);
    case "bearer":
      return bearer(rules, data);
    default:
      throw new RestError("noauthz");
  }
}

function accountBasic(rules: CredentialRules, data: string): Identity {
  const [username, password] = userAndPassword(data);
  const jid = prepared(`${username}@${rules.domain}`);
  if (jid === undefined || rules.account?.(jid)?.password !== password) throw new RestError("unauthz");
  return { jid };
}

function componentBasic(rules: CredentialRules, data: string): Identity {
  const { domain, secret, tokens, version } = rules;
  const right = secret !== undefined && decode(data) === `${domain}:${secret}`;
  if (right && (tokens !== undefined || version !== "13.0.1")) return { jid: domain };
  if (version !== "13.0.1") throw new RestError("malformauthz");
  userAndPassword(data);
  // The mod_rest of 13.0.1 asks for an account of the component, which has none.
  if (tokens === undefined) throw new LuaCrash("attempt to index a nil value (field 'users')");
  throw new RestError("unauthz");
}

function bearer(rules: CredentialRules, token: string): Identity {
  const { domain, secret, tokens } = rules;
  if (rules.account !== undefined) {
    const jid = rules.issued(token);
    if (jid === undefined) throw new RestError("unauthz");
    // A session of its own for each request, and with it a resource of its own.
    return { jid: `${jid}/${freshId()}` };
  }
  if (tokens !== undefined) {
    if (tokens.includes(token) || token === secret) return { jid: domain };
    if (rules.issued(token) !== undefined) return { jid: domain };
    throw new RestError("unauthz");
  }
  if (rules.issued(token) !== undefined) throw new LuaCrash("attempt to index a nil value (field 'users')");
  throw new RestError("unauthz");
}

function userAndPassword(data: string): [string, string] {
  const [, username, password] = /^([^:]+):(.*)$/s.exec(decode(data)) ?? [];
  if (username === undefined || password === undefined) throw new RestError("malformauthz");
  return [username, password];
}

function decode(data: string): string {
  return Buffer.from(data, "base64").toString("utf8");
}
