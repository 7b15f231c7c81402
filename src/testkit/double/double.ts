import { Jid } from "../../stanza/index.ts";
import { Callback } from "./callback.ts";
import { RestComponent } from "./component.ts";
import { HttpFront } from "./http-front.ts";
import type { IqTracker } from "./iq-tracker.ts";
import { MucService } from "./muc-service.ts";
import { Network } from "./network.ts";
import { OAuth2 } from "./oauth2.ts";
import type { CallbackOptions, ModRestDoubleOptions, ProsodyVersion } from "./options.ts";
import type { CredentialRules } from "./rest-credentials.ts";
import { RestMount } from "./rest-mount.ts";
import { ModRestUser } from "./user.ts";
import { VirtualHost } from "./virtual-host.ts";

/**
 * A stand-in for a Prosody with `mod_rest`: users, components, rooms, callbacks over real HTTP on the loopback
 * interface, inline replies, `POST /rest`, credentials, and the quirks of each. A contract suite holds it to the real
 * server.
 *
 * What it leaves out: other servers, TLS, delivery of messages to those who were offline, and storage beyond memory.
 *
 * @example
 * ```ts
 * import { message } from "restanza/stanza";
 * import { ModRestDouble } from "restanza/testkit";
 *
 * const prosody = await ModRestDouble.start({
 *   virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
 *   components: [{
 *     domain: "bots.localhost",
 *     tokens: ["a token of 16 characters or more"],
 *     callback: { url: "http://127.0.0.1:9003/callback?kind={kind}&type={type}&to={to}&from={from}" },
 *   }],
 * });
 * const alice = await prosody.user("alice@localhost/phone");
 * alice.send(message({ to: "echo@bots.localhost", type: "chat", body: "Hello" }));
 * const answer = await alice.next((stanza) => stanza.kind === "message", { signal: AbortSignal.timeout(5_000) });
 * await prosody.stop();
 * ```
 */
export class ModRestDouble implements AsyncDisposable {
  readonly #options: ModRestDoubleOptions;
  readonly #version: ProsodyVersion;
  readonly #network = new Network();
  readonly #virtualHosts = new Map<string, VirtualHost>();
  readonly #callbacks: Callback[] = [];
  readonly #trackers: IqTracker[] = [];
  readonly #oauth2: OAuth2;
  readonly #front: HttpFront;
  #port = 0;

  private constructor(options: ModRestDoubleOptions) {
    this.#options = options;
    this.#version = options.version ?? "13.0.7";
    this.#oauth2 = new OAuth2(this.#version);
    const { defaultHost = options.components?.[0]?.domain ?? options.virtualHosts?.[0]?.domain } = options;
    this.#front = new HttpFront(defaultHost ?? "localhost", (domain, request) =>
      this.#oauth2.handle(domain, request),
    );
  }

  /**
   * Starts one and sends each callback URL its probe.
   *
   * @throws TypeError when the options contradict themselves, or `host` is not a loopback address.
   */
  static async start(options: ModRestDoubleOptions = {}): Promise<ModRestDouble> {
    const double = new ModRestDouble(options);
    double.#build();
    double.#port = await double.#front.listen(options.host ?? "127.0.0.1", options.port ?? 0);
    await Promise.all(double.#callbacks.map((callback) => callback.probe()));
    return double;
  }

  /** Where `POST /rest` goes; the `Host` header chooses the domain, see {@link ModRestDouble.restHeaders}. */
  get restUrl(): string {
    const host = this.#options.host ?? "127.0.0.1";
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.#port}/rest`;
  }

  /** The header that leads a request to the `mod_rest` of a domain. */
  restHeaders(domain: string): { host: string } {
    return { host: domain };
  }

  /**
   * Connects a client of an account and makes it available.
   *
   * @param address a full JID; the resource `double` is added to a bare one.
   * @param options `presence: false` leaves the initial presence out.
   * @throws TypeError when there is no such account.
   * @throws JidError when it is no JID.
   */
  async user(address: string, options: { readonly presence?: boolean } = {}): Promise<ModRestUser> {
    const given = Jid.parse(address);
    const jid = given.isBare ? given.withResource("double") : given;
    const host = this.#virtualHosts.get(jid.domain);
    if (host === undefined) {
      const domains = [...this.#virtualHosts.keys()].join(", ");
      throw new TypeError(`${jid.domain} is no VirtualHost of the double; it has ${domains}`);
    }
    const user = new ModRestUser(
      jid.toString(),
      (receive) => host.bind(jid.toString(), receive),
      (session, stanza) => host.accept(session, stanza),
      (session) => host.unbind(session),
    );
    if (options.presence !== false) user.send("<presence/>");
    return user;
  }

  /** Closes every connection; callbacks under way are broken off. */
  async stop(): Promise<void> {
    for (const callback of this.#callbacks) callback.stop();
    for (const tracker of this.#trackers) tracker.stop();
    await this.#front.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #build(): void {
    const {
      virtualHosts = [{ domain: "localhost", accounts: {} }],
      components = [],
      rooms = [],
      roomArchives = false,
    } = this.#options;
    for (const { domain, accounts, rest, callback } of virtualHosts) {
      const host = new VirtualHost(
        domain,
        accounts,
        this.#network,
        this.#callback(domain, callback, ["host"]),
      );
      this.#virtualHosts.set(domain, host);
      this.#network.add(host);
      const account = (bare: string) => host.account(bare);
      this.#oauth2.addVirtualHost(domain, account);
      if (rest !== false) this.#mount(domain, { account, secret: undefined, tokens: undefined }, host.iqs);
    }
    for (const { domain, secret, tokens, callback } of components) {
      const component = new RestComponent(domain, this.#callback(domain, callback, ["bare", "full", "host"]));
      this.#network.add(component);
      this.#oauth2.addComponent(domain, secret, tokens !== undefined);
      this.#mount(domain, { account: undefined, secret, tokens }, component.iqs);
    }
    for (const domain of rooms)
      this.#network.add(new MucService(domain, this.#network, { archives: roomArchives }));
  }

  #callback(
    domain: string,
    options: CallbackOptions | undefined,
    events: readonly ("bare" | "full" | "host")[],
  ): Callback | undefined {
    if (options === undefined) return undefined;
    const callback = new Callback(domain, options, events, this.#options.logger, (stanza) =>
      this.#network.route(stanza),
    );
    this.#callbacks.push(callback);
    return callback;
  }

  #mount(domain: string, own: Pick<CredentialRules, "account" | "secret" | "tokens">, iqs: IqTracker): void {
    const issued = (token: string) => this.#oauth2.holder(domain, token);
    const rules = { domain, version: this.#version, issued, ...own };
    this.#trackers.push(iqs);
    this.#front.mount(domain, new RestMount(rules, this.#network, iqs));
  }
}
