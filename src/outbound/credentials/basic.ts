import { inspect } from "node:util";
import { Jid } from "../../stanza/index.ts";
import type { Authorizer, Credentials } from "./credentials.ts";
import { REDACTED, redact } from "./redact.ts";

/** HTTP Basic (RFC 7617). */
class BasicCredentials implements Credentials {
  readonly username: string;
  readonly #password: string;

  constructor(username: string, password: string) {
    if (password === "") {
      throw new TypeError(`the password of ${username} is empty; give the one in Prosody's configuration`);
    }
    this.username = username;
    this.#password = password;
  }

  open(): Authorizer {
    const password = this.#password;
    const encoded = Buffer.from(`${this.username}:${password}`).toString("base64");
    const value = Promise.resolve(`Basic ${encoded}`);
    return {
      authorization: () => value,
      renew: () => Promise.resolve(false),
      redact: (text) => redact(text, [encoded, password]),
      close: () => {},
    };
  }

  [inspect.custom](): string {
    return `BasicCredentials { username: ${inspect(this.username)}, password: ${REDACTED} }`;
  }
}

/**
 * A component's own secret, by HTTP Basic. With it the client may send as any JID of the component.
 *
 * Stock Prosody 13.0.1 crashes on it; there and everywhere, `mod_restanza_token` makes it work.
 *
 * @param domain the JID of the component.
 * @param secret its `component_secret`.
 * @example
 * ```ts
 * import { componentSecret, RestClient } from "restanza/outbound";
 *
 * const client = new RestClient({
 *   url: "http://127.0.0.1:5280/rest",
 *   host: "bots.example",
 *   credentials: componentSecret("bots.example", process.env.RESTANZA_SECRET ?? ""),
 * });
 * ```
 * @throws JidError when `domain` is none, TypeError when `secret` is empty.
 */
export function componentSecret(domain: string, secret: string): Credentials {
  return new BasicCredentials(Jid.of(undefined, domain).domain, secret);
}

/**
 * The password of an account on a VirtualHost, by HTTP Basic. With it the client sends as this account.
 *
 * Prosody derives the key of a hashed password anew for every request, about 10 ms of its one core each, so that all it
 * serves is held to some 100 requests a second. A bot that sends more than now and then uses {@link oauth2}.
 *
 * @param account its JID, or only the localpart.
 * @example
 * ```ts
 * import { accountPassword } from "restanza/outbound";
 *
 * accountPassword("bot@example.com", process.env.BOT_PASSWORD ?? "");
 * ```
 * @throws JidError when `account` is none, TypeError when `password` is empty.
 */
export function accountPassword(account: string | Jid, password: string): Credentials {
  const jid = Jid.parse(account);
  return new BasicCredentials(jid.local ?? String(account), password);
}
