import { type Element, el } from "../stanza/index.ts";
import { readBoolean, readInstant, readNumber, writeInstant } from "./values.ts";

/** XEP-0215: External Service Discovery; also its feature. */
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

/** Reads the answer to {@link buildExternalServicesRequest}. */
export function readExternalServices(services: Element): ExternalService[] {
  return services.childrenNamed("service").map((service) => ({
    type: service.attr("type") ?? "",
    host: service.attr("host") ?? "",
    port: readNumber(service.attr("port")),
    transport: service.attr("transport"),
    name: service.attr("name"),
    username: service.attr("username"),
    password: service.attr("password"),
    expires: readInstant(service.attr("expires")),
    restricted: readBoolean(service.attr("restricted")),
  }));
}

/**
 * Asks which services there are (XEP-0215 §3.1 and §3.2).
 *
 * @param type only those of this type, such as `turn`; default: all.
 */
export function buildExternalServicesRequest(type?: string): Element {
  return el("services", { xmlns: NS_EXTDISCO, type });
}

/** Tells which services there are. */
export function buildExternalServices(services: readonly ExternalService[], type?: string): Element {
  return el(
    "services",
    { xmlns: NS_EXTDISCO, type },
    services.map(({ expires, restricted, ...service }) =>
      el("service", {
        ...service,
        expires: expires && writeInstant(expires),
        restricted: restricted ? 1 : undefined,
      }),
    ),
  );
}
