import { type Element, el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, instant, number, type QueryOptions } from "./query-options.ts";

/** XEP-0215: External Service Discovery. */
export const NS_EXTDISCO = "urn:xmpp:extdisco:2";

/** A service outside XMPP, such as a STUN or TURN server. */
export interface ExternalService {
  readonly type: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly transport: string | undefined;
  readonly name: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly expires: Date | undefined;
  /** Whether it wants credentials. */
  readonly restricted: boolean;
}

/** What a question about services takes. */
export interface ExternalServicesOptions extends QueryOptions {
  /** Only those of this type, such as `turn`. Default: all. */
  readonly type?: string | undefined;
}

/** XEP-0215 §3.1 and §3.2. */
export async function externalServices(
  client: Requester,
  jid: string | Jid,
  options: ExternalServicesOptions,
): Promise<readonly ExternalService[]> {
  const payload = el("services", { xmlns: NS_EXTDISCO, type: options.type });
  return (await ask(client, "get", jid, payload, options)).childrenNamed("service").map(readService);
}

function readService(service: Element): ExternalService {
  return {
    type: service.attr("type") ?? "",
    host: service.attr("host") ?? "",
    port: number(service.attr("port")),
    transport: service.attr("transport"),
    name: service.attr("name"),
    username: service.attr("username"),
    password: service.attr("password"),
    expires: instant(service.attr("expires")),
    restricted: service.attr("restricted") === "1" || service.attr("restricted") === "true",
  };
}
