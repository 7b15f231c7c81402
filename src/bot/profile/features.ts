import {
  NS_COMMANDS,
  NS_CORRECTION,
  NS_DATA,
  NS_DIRECT_INVITATION,
  NS_EME,
  NS_FILE_SHARING,
  NS_MARKERS,
  NS_OOB,
  NS_REACTIONS,
  NS_REPLY,
  NS_RETRACTION,
  notifyFeature,
} from "../../xep/index.ts";
import { type Condition, NODE_PART } from "../filters/index.ts";
import type { Route } from "../route.ts";

/** What a bot understands that has handlers for such a part of a message. */
const BY_PART: Readonly<Record<string, readonly string[]>> = {
  correction: [NS_CORRECTION],
  reaction: [NS_REACTIONS],
  reply: [NS_REPLY],
  retraction: [NS_RETRACTION],
  marker: [NS_MARKERS],
  file: [NS_OOB, NS_FILE_SHARING],
  invitation: [NS_DIRECT_INVITATION],
  encrypted: [NS_EME],
};

const NAMESPACE = "namespace ";

/**
 * Finds what handlers let a bot support, to be told by XEP-0030: the namespaces of the requests that it answers, those of what
 * filters look for in messages, and the nodes of people that it wants to be told of (XEP-0163 §4.3.2).
 *
 * @example
 * ```ts
 * import { Composer, featuresOf } from "restanza";
 *
 * const bot = new Composer();
 * bot.on("iq:get:urn:example:weather", () => undefined);
 * console.log(featuresOf(bot)); // Set(1) { "urn:example:weather" }
 * ```
 */
export function featuresOf(composer: { readonly routes: readonly object[] }): Set<string> {
  const features = new Set<string>();
  collect(composer.routes as readonly Route<never>[], features);
  return features;
}

function collect(routes: readonly Route<never>[], features: Set<string>): void {
  for (const { when = [], inner = [], commands } of routes) {
    if (commands !== undefined) for (const feature of [NS_COMMANDS, NS_DATA]) features.add(feature);
    for (const condition of when) add(condition, features);
    for (const each of inner) {
      for (const condition of each.when ?? []) add(condition, features);
      collect(each.routes, features);
    }
  }
}

function add({ parts }: Condition, features: Set<string>): void {
  for (const part of parts) {
    if (part.startsWith(NAMESPACE)) features.add(part.slice(NAMESPACE.length));
    else if (part.startsWith(NODE_PART)) features.add(notifyFeature(part.slice(NODE_PART.length)));
    else for (const feature of BY_PART[part] ?? []) features.add(feature);
  }
}
