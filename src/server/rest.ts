import type { Logger } from "pino";
import {
  accountPassword,
  bearer,
  type Credentials,
  componentSecret,
  oauth2,
  RestClient,
} from "../outbound/index.ts";
import type { MountConfig } from "./config.ts";

/** The client for the mod_rest of one mount. */
export function createRestClient({ domain, rest }: MountConfig, logger: Logger): RestClient {
  return new RestClient({
    url: rest.url,
    host: rest.host ?? domain,
    domain,
    credentials: credentials(domain, rest),
    allowInsecureRequests: rest.allowInsecure,
    logger,
  });
}

function credentials(domain: string, { token, secret = "", auth, user }: MountConfig["rest"]): Credentials {
  if (token !== undefined) return bearer(token);
  if (auth === "oauth2") return oauth2({ jid: `${user ?? "restanza"}@${domain}`, password: secret });
  return user === undefined ? componentSecret(domain, secret) : accountPassword(user, secret);
}
