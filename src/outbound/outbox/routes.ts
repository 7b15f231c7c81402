import type { OutboxSettings } from "./options.ts";
import { Route } from "./route.ts";

/** @internal The ways through each Prosody, by the domain of the sender. */
export class Routes implements Iterable<Route> {
  readonly #settings: OutboxSettings;
  readonly #onProbe: (route: Route) => void;
  readonly #routes = new Map<string, Route>();

  constructor(settings: OutboxSettings, onProbe: (route: Route) => void) {
    this.#settings = settings;
    this.#onProbe = onProbe;
    for (const domain of settings.clients.keys()) this.of(domain);
  }

  of(domain: string): Route {
    const known = this.#routes.get(domain);
    if (known) return known;
    const { clients, clock, logger, pace } = this.#settings;
    const client = clients.get(domain);
    const route: Route = new Route(domain, client, pace.get(domain) ?? {}, clock, () => this.#onProbe(route));
    this.#routes.set(domain, route);
    if (client === undefined) {
      logger?.error(
        { domain },
        `stanzas from ${domain} wait to be sent, and there is no mount for it: configure it again to send them`,
      );
    }
    return route;
  }

  [Symbol.iterator](): Iterator<Route> {
    return this.#routes.values();
  }
}
