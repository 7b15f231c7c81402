import { Composer } from "../bot/index.ts";
import { NS_PING } from "../xep/index.ts";

/** Answers pings (XEP-0199): handling one without a word gives the empty result that it wants. */
export function ping(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_PING}`, () => undefined);
  return service;
}
