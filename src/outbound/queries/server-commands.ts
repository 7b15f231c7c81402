import { z } from "zod";
import { Jid } from "../../stanza/index.ts";
import type { RemoteCommand } from "./run-command.ts";

const ADMIN = "http://jabber.org/protocol/admin";

const jid = z
  .union([z.string(), z.custom<Jid>((value) => value instanceof Jid)])
  .transform((given) => Jid.parse(given).toString());
const lines = z.string().transform((text) => text.split("\n").filter((line) => line !== ""));

const one = z.object({ jid }).transform((given) => ({ accountjid: given.jid }));
const several = z.object({ jids: z.array(jid).min(1) }).transform(({ jids }) => ({ accountjids: jids }));

/** An invitation that a server has made. */
const invitation = z
  .object({
    uri: z.string(),
    "landing-url": z.string().default(""),
    expire: z.string().default(""),
  })
  .transform(({ uri, "landing-url": url, expire }) => ({
    /** For an XMPP client. */
    uri,
    /** For a browser; `undefined` where the server has no page for it. */
    url: url || undefined,
    expires: Number.isNaN(Date.parse(expire)) ? undefined : new Date(expire),
  }));

/**
 * The commands that servers have for their admins (XEP-0133), and some of Prosody's own, typed; for `run`. Prosody lets those run them
 * whom its `admins` name: a bot, too. Uptime and {@link serverCommands.inviteContact} are for others as well.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 * import { serverCommands } from "restanza/outbound";
 *
 * defineBot({
 *   name: "desk",
 *   summary: "makes accounts",
 *   routes(bot) {
 *     bot.command({
 *       name: "invite",
 *       summary: "makes an invitation",
 *       access: "admin",
 *       run: async (ctx) => {
 *         const { values } = await ctx.calls.run("example.com", serverCommands.inviteAccount);
 *         return values.url ?? values.uri;
 *       },
 *     });
 *   },
 * });
 * ```
 */
export const serverCommands = {
  /** How long the server has been running, in words (Prosody's mod_uptime). */
  uptime: { node: "uptime" },
  /** Makes an account (XEP-0133 §4.1). */
  addUser: {
    node: `${ADMIN}#add-user`,
    fields: z.object({ jid, password: z.string().min(1) }).transform((given) => ({
      accountjid: given.jid,
      password: given.password,
      "password-verify": given.password,
    })),
  },
  /** Takes accounts away, with all that they have (XEP-0133 §4.2). */
  deleteUsers: { node: `${ADMIN}#delete-user`, fields: several },
  /** Keeps the owners of accounts out of them (XEP-0133 §4.3). */
  disableUsers: { node: `${ADMIN}#disable-user`, fields: several },
  /** Lets the owners of accounts back into them (XEP-0133 §4.4). */
  enableUsers: { node: `${ADMIN}#reenable-user`, fields: several },
  /** Ends the sessions of bare JIDs, or of full ones (XEP-0133 §4.5). */
  endSessions: { node: `${ADMIN}#end-user-session`, fields: several },
  /** Gives an account another password (XEP-0133 §4.7). */
  changePassword: {
    node: `${ADMIN}#change-user-password`,
    fields: z
      .object({ jid, password: z.string().min(1) })
      .transform((given) => ({ accountjid: given.jid, password: given.password })),
  },
  /** From where and with what somebody is online (XEP-0133 §4.9). */
  userStatistics: {
    node: `${ADMIN}#user-stats`,
    fields: one,
    result: z
      .object({
        ipaddresses: lines.default([]),
        rostersize: z.coerce.number().optional(),
        onlineresources: lines.default([]),
      })
      .transform(({ ipaddresses, rostersize, onlineresources }) => ({
        addresses: ipaddresses,
        rosterSize: rostersize,
        resources: onlineresources,
      })),
  },
  /** Who is online: bare JIDs, or lines with more about each session (XEP-0133 §4.21). */
  onlineUsers: {
    node: `${ADMIN}#get-online-users-list`,
    fields: z
      .object({ max: z.enum(["25", "50", "75", "100", "150", "200", "all"]), details: z.boolean() })
      .partial()
      .default({})
      .transform(({ max, details }) => ({ max_items: max, details })),
    result: z.object({ onlineuserjids: lines.default([]) }).transform(({ onlineuserjids }) => onlineuserjids),
  },
  /** Makes an invitation to become a contact of who asks, who has to be a user of the server (Prosody's mod_invites_adhoc). */
  inviteContact: { node: "urn:xmpp:invite#invite", result: invitation },
  /** Makes an invitation to make an account (Prosody's mod_invites_adhoc). */
  inviteAccount: { node: "urn:xmpp:invite#create-account", result: invitation },
} as const satisfies Record<string, RemoteCommand>;
