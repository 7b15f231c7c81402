import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../prosody/free-port.ts";

/** The domain of the bots. */
export const BOTS = "bots.test";
/** The domain of the people. */
export const PEOPLE = "people.test";
/** The address of the bot that writes down what it is told. */
export const LEDGER = `ledger@${BOTS}`;
/** Who speaks to it. */
export const NAMES: readonly string[] = ["alice", "bob", "carol"].map((name) => `${name}@${PEOPLE}`);
/** The password of every account. */
export const PASSWORD = "romeo and juliet";

/** What restanza and a Prosody have to know of each other: ports, secrets, and a folder that is gone in the end. */
export interface Installation extends AsyncDisposable {
  readonly folder: string;
  readonly token: string;
  readonly auth: string;
  readonly key: string;
  /** Where restanza listens. */
  readonly port: number;
  /** Where the web server of Prosody listens. */
  readonly httpPort: number;
  /** Where restanza gets its callbacks by a detour, and where it posts by one. */
  readonly detour: { readonly port: number; readonly httpPort: number };
  /** The environment of `restanza serve`. */
  readonly settings: Readonly<Record<string, string>>;
  /** The file of the embedded store. */
  readonly file: string;
}

/**
 * Makes one.
 *
 * @param slow how long the ledger may think about a line, in milliseconds.
 */
export async function install({ slow = 4 }: { readonly slow?: number } = {}): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), "restanza-chaos-"));
  const [port, httpPort] = [await freePort(), await freePort()];
  const detour = { port: await freePort(), httpPort: await freePort() };
  const token = randomBytes(24).toString("base64url");
  const auth = `prosody:${randomBytes(24).toString("base64url")}`;
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const file = join(folder, "store.sqlite");
  return {
    folder,
    token,
    auth,
    key,
    port,
    httpPort,
    detour,
    file,
    settings: {
      PORT: String(port),
      RESTANZA_DOMAIN: BOTS,
      RESTANZA_REST_URL: `http://127.0.0.1:${detour.httpPort}/rest`,
      RESTANZA_TOKEN: token,
      RESTANZA_CALLBACK_AUTH: auth,
      RESTANZA_CALLBACK_KEYS: key,
      RESTANZA_BOTS_DIR: "test/chaos/bots",
      RESTANZA_BOT_CONFIG: JSON.stringify({ ledger: { slow } }),
      RESTANZA_STORE: file,
      RESTANZA_DEADLINE: "50",
      RESTANZA_LOG_LEVEL: "info",
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
