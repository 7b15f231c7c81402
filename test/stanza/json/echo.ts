import { request } from "node:http";
import type { Suite } from "../../../prosody/script.ts";
import { startProsody } from "../../../prosody/server.ts";
import { type JsonObject, type JsonValue, readXml, writeXml } from "../../../src/stanza/index.ts";
import { canonical, canonicalJson, type Golden, SENDER } from "./golden.ts";

const xmlType = "application/xmpp+xml";
const jsonType = "application/json";
const formType = "application/x-www-form-urlencoded";

/** A Prosody that tells what its mod_rest makes of a stanza. */
export interface EchoServer extends AsyncDisposable {
  readonly version: string;
  /** The pair as this server would have it. */
  record(pair: Golden): Promise<Golden>;
}

/** Starts a Prosody with nothing but mod_rest, whose `POST /rest/echo` maps stanzas and sends nothing. */
export async function startEchoServer(suite: Suite): Promise<EchoServer> {
  const host = SENDER.slice(SENDER.indexOf("@") + 1);
  const password = "echo-password";
  const prosody = await startProsody({
    suite,
    // Nobody is called back: nothing is ever sent.
    hosts: [{ kind: "virtualhost", host, callback: { address: "127.0.0.1:9" }, restanza: [] }],
    users: [{ jid: SENDER, password }],
  });
  const user = SENDER.slice(0, SENDER.indexOf("@"));
  const headers = {
    ...prosody.restHeaders(host),
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
  const echo = (type: string, accept: string, body: string): Promise<Reply> =>
    post(prosody.httpPort, { ...headers, "content-type": type, accept }, body);
  return {
    version: prosody.version,
    async record(pair) {
      const {
        json: _json,
        xml: _xml,
        form: _form,
        status: _status,
        ...rest
      } = pair as unknown as Record<string, never>;
      switch (pair.direction) {
        case "to-json":
          return {
            ...rest,
            xml: pair.xml,
            ...jsonOf(await echo(xmlType, jsonType, pair.xml)),
          } as unknown as Golden;
        case "to-form":
          return {
            ...rest,
            xml: pair.xml,
            ...formOf(await echo(xmlType, formType, pair.xml)),
          } as unknown as Golden;
        case "to-xml": {
          const body = JSON.stringify(pair.json);
          return {
            ...rest,
            json: pair.json,
            ...xmlOf(await echo(jsonType, xmlType, body)),
          } as unknown as Golden;
        }
        case "form-to-xml":
          return {
            ...rest,
            form: pair.form,
            ...xmlOf(await echo(formType, xmlType, pair.form ?? "")),
          } as unknown as Golden;
      }
    },
    [Symbol.asyncDispose]: () => prosody.stop(),
  };
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

function post(port: number, headers: Record<string, string>, body: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path: "/rest/echo", method: "POST", headers },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

function jsonOf({ status, text }: Reply): { json?: JsonValue; status?: number } {
  if (status !== 200) return { status };
  try {
    return { json: canonicalJson(JSON.parse(text) as JsonObject) };
  } catch {
    return {}; // such as "inf"
  }
}

function formOf({ status, text }: Reply): { form?: Record<string, string>; status?: number } {
  if (status !== 200) return { status };
  const entries = [...new URLSearchParams(text)].sort(([a], [b]) => (a < b ? -1 : 1));
  return { form: Object.fromEntries(entries) };
}

function xmlOf({ status, text }: Reply): { xml?: string; status?: number } {
  return status === 200 ? { xml: writeXml(canonical(readXml(text))) } : { status };
}
