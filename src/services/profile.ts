import { Composer } from "../bot/index.ts";
import {
  buildLastActivity,
  buildTime,
  buildVersion,
  NS_LAST,
  NS_TIME,
  NS_VCARD,
  NS_VCARD4,
  NS_VERSION,
} from "../xep/index.ts";
import { vcard4Of, vcardOf } from "./cards.ts";

/** Tells who asks who a bot is (XEP-0054, XEP-0292), what it runs on (XEP-0092), its time (XEP-0202) and since when it is idle (XEP-0012). */
export function profile(): Composer {
  const service = new Composer();
  service.on(`iq:get:${NS_VCARD}`, ({ bot }) => vcardOf(bot.identity.profile, bot.jid));
  service.on(`iq:get:${NS_VCARD4}`, ({ bot }) => vcard4Of(bot.identity.profile, bot.jid));
  service.on(`iq:get:${NS_VERSION}`, ({ bot }) =>
    buildVersion({ ...bot.identity.profile.software, os: undefined }),
  );
  service.on(`iq:get:${NS_TIME}`, ({ now }) =>
    buildTime({ utc: new Date(now), zone: zoneAt(new Date(now)) }),
  );
  const begun = performance.now();
  service.on(`iq:get:${NS_LAST}`, ({ to }) => {
    // A bot that answers is there; a service tells how long it has run (§5).
    const seconds = to.local === undefined ? Math.floor((performance.now() - begun) / 1_000) : 0;
    return buildLastActivity({ seconds, status: undefined });
  });
  return service;
}

/** The offset of the process's time zone, such as `+02:00`. */
function zoneAt(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const two = (number: number): string => String(Math.trunc(number)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
