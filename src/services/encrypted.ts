import { createHash } from "node:crypto";
import { Composer, type Context, languageOf, textsOf } from "../bot/index.ts";
import type { Message } from "../stanza/index.ts";
import type { JsonValue } from "../store/index.ts";
import { isEncryptedText, readHints } from "../xep/index.ts";

/** For how long somebody who was told that the bot cannot read what is encrypted is not told again, in milliseconds: a day. */
export const EXPLAINED_FOR = 86_400_000;

/** In how many records it is kept who was told; those whose names come to the same share one. */
const RECORDS = 1_024;
/** How many are kept in one record. Where they are more within a day, the others are not told. */
const MOST_EACH = 16;

/**
 * Tells who writes encrypted messages (OMEMO, OpenPGP, OTR) that the bot cannot read them, once a day: who got no answer would think that it is
 * broken. Nothing is said in rooms, nor about what only keeps keys fresh or is not to be stored.
 */
export function encryptedMessages(): Composer {
  const service = new Composer();
  service.on("message:encrypted", async (ctx, next) => {
    if (!isForPeople(ctx.stanza) || ctx.inRoom) return await next();
    if (!(await isNews(ctx))) return;
    ctx.log.info(
      { from: String(ctx.from), encryption: ctx.encryption.name },
      "an encrypted message cannot be read",
    );
    const { namespace, name } = ctx.encryption;
    const method = KNOWN.has(namespace) && name !== undefined ? name : "none";
    return textsOf(ctx.bot).say("encrypted", await languageOf(ctx), { method });
  });
  return service;
}

/** The methods whose names are ours to say; any other name is a stranger's words. */
const KNOWN: ReadonlySet<string> = new Set([
  "eu.siacs.conversations.axolotl",
  "urn:xmpp:omemo:1",
  "urn:xmpp:omemo:2",
  "urn:xmpp:openpgp:0",
  "jabber:x:encrypted",
  "urn:xmpp:otr:0",
]);

function isForPeople(message: Message): boolean {
  if (message.type !== "chat" && message.type !== "normal") return false;
  const hints = readHints(message);
  const passing = hints.includes("no-store") || hints.includes("no-permanent-store");
  return isEncryptedText(message) && (hints.includes("store") || !passing);
}

/** Whether this person has not been told today; from now on they have. */
async function isNews(ctx: Context): Promise<boolean> {
  const { record, name } = recordOf(ctx.from.bare.toString());
  const now = ctx.now;
  const told = recent(await ctx.effects.area(AREA).get(record), now);
  if (told[name] !== undefined) return false;
  let isNew = false;
  await ctx.effects.changeNow(AREA, record, (value) => {
    const others = recent(value, now);
    isNew = others[name] === undefined && Object.keys(others).length < MOST_EACH;
    if (!isNew) return undefined;
    return { value: { ...others, [name]: now + EXPLAINED_FOR }, expires: now + EXPLAINED_FOR };
  });
  return isNew;
}

const AREA = "encrypted";

/** In which record it is kept that somebody was told, and under which name there. */
export function recordOf(person: string): { readonly record: string; readonly name: string } {
  const hash = createHash("sha256").update(person).digest();
  return { record: String(hash.readUInt16BE(30) % RECORDS), name: hash.toString("base64url", 0, 12) };
}

/** Until when each was told, of those for whom that has not passed. */
function recent(value: JsonValue | undefined, now: number): Record<string, number> {
  const all = Object.entries((value ?? {}) as Record<string, number>);
  return Object.fromEntries(all.filter(([, until]) => until > now));
}
