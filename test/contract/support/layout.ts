/** A component under test; what is left out is as a stock mount has it. */
export interface ComponentLayout {
  readonly name: string;
  readonly domain: string;
  readonly url: string;
  readonly contentType?: "application/json" | "application/x-www-form-urlencoded";
  readonly stanzas?: readonly ("message" | "presence" | "iq")[];
  readonly events?: readonly ("bare" | "full" | "host")[];
  readonly secret?: string;
  /** With these, mod_restanza_token is loaded. */
  readonly tokens?: readonly string[];
  /** With these, mod_restanza_callback is loaded. */
  readonly keys?: readonly string[];
  /** For how many seconds that module keeps what cannot be delivered; not at all where nothing is said. */
  readonly hold?: number;
}

/** The hosts that every server under test has. */
export interface Layout {
  readonly domain: string;
  readonly accounts: Readonly<Record<string, string>>;
  /** The callback URL of the VirtualHost. */
  readonly url: string;
  readonly rooms: string;
  readonly components: readonly ComponentLayout[];
}

export const SECRET = "the-secret-of-the-component";
export const TOKEN = "a-static-token-of-the-contract";
export const KEY = `whsec_${Buffer.from("a key of the contract, 32 bytes.").toString("base64")}`;
export const OLD_KEY = "an old key in plain text";
export const CALLBACK_USER = "prosody:callback-secret";

/** What the web server answers to the probe of each component; 200 without a header where nothing is said. */
export const PROBES: Readonly<Record<string, { status: number; accept?: string }>> = {
  accept: { status: 200, accept: "application/json;q=0.1, application/xmpp+xml;q=0.9" },
  refused: { status: 404, accept: "application/json" },
};

export function layout(port: number, closedPort: number): Layout {
  const query = "?kind={kind}&type={type}&to={to}&from={from}";
  const at = (name: string) => `http://127.0.0.1:${port}/${name}${query}`;
  const component = (name: string, own: Partial<ComponentLayout> = {}): ComponentLayout => ({
    name,
    domain: `${name}.localhost`,
    url: at(name),
    ...own,
  });
  return {
    domain: "localhost",
    accounts: {
      alice: "alice-password",
      bob: "bob-password",
      carol: "carol-password",
      dave: "dave-password",
      erin: "erin-password",
      frank: "frank-password",
    },
    url: at("host"),
    rooms: "rooms.localhost",
    components: [
      component("xml", { secret: SECRET }),
      component("json", { contentType: "application/json" }),
      component("form", { contentType: "application/x-www-form-urlencoded" }),
      component("accept"),
      component("refused"),
      component("messages", { stanzas: ["message"] }),
      component("bare", { events: ["bare"] }),
      component("user", { url: `http://${CALLBACK_USER}@127.0.0.1:${port}/user${query}` }),
      component("path", { url: `http://127.0.0.1:${port}/path/{kind}/{type}/{to}` }),
      component("dead", { url: `http://${CALLBACK_USER}@127.0.0.1:${closedPort}/dead` }),
      component("tokens", { secret: SECRET, tokens: [TOKEN] }),
      component("many", { tokens: [TOKEN] }),
      component("carried", { keys: [KEY, OLD_KEY] }),
      // An outage is one of a whole component, so each case that makes one has its own.
      component("held", { keys: [KEY], hold: 60 }),
      component("proxied", { keys: [KEY], hold: 60 }),
      component("overdue", { keys: [KEY], hold: 1 }),
    ],
  };
}
