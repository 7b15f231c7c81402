import { readFileSync } from "node:fs";
import { type LuaValue, luaString, luaValue } from "./lua.ts";

/** Where a host's stanzas are posted, and how. */
export interface CallbackSpec {
  /** `host:port` of the HTTP server. */
  readonly address: string;
  /** `user:secret` for the URL, sent as HTTP Basic. Default: none. */
  readonly auth?: string;
  /** Default `application/xmpp+xml`. */
  readonly contentType?: "application/xmpp+xml" | "application/json" | "application/x-www-form-urlencoded";
  /** Keys that sign the callbacks, `whsec_…`. Default: none. */
  readonly keys?: readonly string[];
  /** `rest_callback_stanzas`. Default: the template's, all three. */
  readonly stanzas?: readonly ("message" | "presence" | "iq")[];
  /** `rest_callback_events`. Default: the template's. */
  readonly events?: readonly ("bare" | "full" | "host")[];
}

interface CommonSpec {
  /** The host's name, such as `bots.test`. */
  readonly host: string;
  /** Modules to load besides those of the template. */
  readonly modules?: readonly string[];
  /** Options set after the template's, for anything that has no field here. */
  readonly options?: Readonly<Record<string, LuaValue>>;
}

/** A mod_rest component, made from `config/component.cfg.lua`. */
export interface ComponentSpec extends CommonSpec {
  readonly kind: "component";
  readonly callback: CallbackSpec;
  /** `component_secret`. Default: none. */
  readonly secret?: string;
  /** Static bearer tokens. Default: none. */
  readonly tokens?: readonly string[];
  /** Which of restanza's Lua modules to load. Default: both; `[]` is a stock mount. */
  readonly restanza?: readonly ("token" | "callback")[];
}

/** A host with accounts; with `callback` mod_rest serves it too, from `config/virtualhost.cfg.lua`. */
export interface VirtualHostSpec extends CommonSpec {
  readonly kind: "virtualhost";
  readonly callback?: CallbackSpec;
  /** Which of restanza's Lua modules to load where there is a callback. Default: `["callback"]`. */
  readonly restanza?: readonly "callback"[];
}

/** A service for multi-user chat rooms. */
export interface MucSpec extends CommonSpec {
  readonly kind: "muc";
}

/** A service for publish-subscribe. */
export interface PubSubSpec extends CommonSpec {
  readonly kind: "pubsub";
}

/** A service that takes files (XEP-0363). */
export interface UploadSpec extends CommonSpec {
  readonly kind: "http_file_share";
}

/** A component that connects by itself (XEP-0114); `component_ports` among the global options says where. */
export interface ExternalSpec extends CommonSpec {
  readonly kind: "external";
  readonly secret: string;
}

/** One host of a Prosody configuration. */
export type HostSpec = ComponentSpec | VirtualHostSpec | MucSpec | PubSubSpec | UploadSpec | ExternalSpec;

/** What a whole configuration is made from. */
export interface ConfigSpec {
  /** At least one of them a VirtualHost: without any Prosody does not start. */
  readonly hosts: readonly HostSpec[];
  readonly xmppPort: number;
  readonly httpPort: number;
  /** Prosody's log level. Default `info`; with less, it would not say when it is ready. */
  readonly logLevel?: "debug" | "info";
  /** Global options, set after the template's. */
  readonly options?: Readonly<Record<string, LuaValue>>;
}

function template(name: string): string {
  return readFileSync(new URL(`./config/${name}.cfg.lua`, import.meta.url), "utf8");
}

/**
 * Puts literal values in the place of a template's `ENV_…` names, `nil` where there is none: the environment is one for
 * a whole Prosody, while each of its hosts has values of its own.
 *
 * `RESTANZA_PROSODY_…` stays, since those are set by `prosody.sh`.
 */
export function renderTemplate(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\bENV_((?!RESTANZA_PROSODY_)[A-Z_]+)\b/g, (_, name: string) => {
    const value = values[name];
    return value === undefined ? "nil" : luaString(value);
  });
}

function optionLines(options: Readonly<Record<string, LuaValue>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} = ${luaValue(value)}\n`)
    .join("");
}

/** Sets options in a template's text, in the place of its own lines for them. */
function setOptions(text: string, options: Readonly<Record<string, LuaValue>>): string {
  let out = text;
  for (const name of Object.keys(options)) {
    const table = "\\{\\n[\\s\\S]*?^\\t?\\}";
    const expression = "[^\\n]*(?:\\n\\t+\\.\\.[^\\n]*)*";
    out = out.replace(new RegExp(`^\\t?${name} = (?:${table}|${expression})\\n`, "m"), "");
  }
  return out + optionLines(options);
}

function callbackValues(callback: CallbackSpec): Record<string, string | undefined> {
  return {
    RESTANZA_CALLBACK_ADDRESS: callback.address,
    RESTANZA_CALLBACK_AUTH: callback.auth,
    RESTANZA_CALLBACK_CONTENT_TYPE: callback.contentType,
    RESTANZA_CALLBACK_KEYS: callback.keys?.join(","),
  };
}

function callbackOptions(callback: CallbackSpec): Record<string, LuaValue> {
  return {
    ...(callback.stanzas && { rest_callback_stanzas: callback.stanzas }),
    ...(callback.events && { rest_callback_events: callback.events }),
  };
}

function renderHost(spec: HostSpec): string {
  const modules = [...(spec.modules ?? [])];
  if (spec.kind === "external") {
    const head = `Component ${luaString(spec.host)}\n`;
    return head + optionLines({ component_secret: spec.secret, ...spec.options });
  }
  if (spec.kind === "muc" || spec.kind === "pubsub" || spec.kind === "http_file_share") {
    const head = `Component ${luaString(spec.host)} ${luaString(spec.kind)}\n`;
    return head + optionLines({ ...(modules.length > 0 && { modules_enabled: modules }), ...spec.options });
  }
  if (spec.kind === "virtualhost" && !spec.callback) {
    const head = `VirtualHost ${luaString(spec.host)}\n`;
    return head + optionLines({ ...(modules.length > 0 && { modules_enabled: modules }), ...spec.options });
  }
  const callback = spec.callback as CallbackSpec;
  const ours = spec.kind === "component" ? ["token", "callback"] : ["callback"];
  const wanted: readonly string[] = spec.restanza ?? ours;
  const enabled = [
    ...(spec.kind === "virtualhost" ? ["rest"] : []),
    ...wanted.map((name) => `restanza_${name}`),
    ...modules,
  ];
  const asInTemplate = modules.length === 0 && wanted.length === ours.length;
  const text = renderTemplate(template(spec.kind), {
    RESTANZA_DOMAIN: spec.host,
    ...callbackValues(callback),
    ...(spec.kind === "component" && {
      RESTANZA_SECRET: spec.secret,
      RESTANZA_TOKEN: spec.tokens?.join(","),
    }),
  });
  const options = {
    ...(!asInTemplate && { modules_enabled: enabled }),
    ...callbackOptions(callback),
    ...spec.options,
  };
  return setOptions(text, options);
}

/** Renders a whole Prosody configuration from the templates in `config/`. */
export function renderConfig(spec: ConfigSpec): string {
  const component = spec.hosts.find((host) => host.kind === "component");
  const server = renderTemplate(template("server"), {
    RESTANZA_XMPP_PORT: String(spec.xmppPort),
    RESTANZA_HTTP_PORT: String(spec.httpPort),
    RESTANZA_LOG_LEVEL: spec.logLevel,
    RESTANZA_DOMAIN: (component ?? spec.hosts[0])?.host,
  });
  return [setOptions(server, spec.options ?? {}), ...spec.hosts.map(renderHost)].join("\n");
}
