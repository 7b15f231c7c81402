import type { Jid } from "../../stanza/index.ts";
import type { Context } from "../context.ts";
import { readChanges } from "./changes.ts";
import { type Decision, decide, type PermissionConfig, type RunTimeChanges } from "./policy.ts";
import { isBelieved, type Subject, subjectOf } from "./subject.ts";

/** What may be asked about: a command, as its definition has it. */
export interface Guarded {
  readonly name: string;
  readonly access: string;
}

/** Who may run what with one bot: what the operator has configured, and what admins have changed since. */
export class Permissions {
  readonly config: PermissionConfig;
  readonly #trusted: ReadonlySet<string> | undefined;

  constructor(config: PermissionConfig = {}) {
    this.config = config;
    this.#trusted = config.trustedRooms && new Set(config.trustedRooms);
  }

  /** Whether a room's word for whose account an occupant's is counts. */
  isBelieved(room: Jid, account: Jid): boolean {
    return isBelieved(room, account, this.#trusted);
  }

  /** Who has sent the stanza at hand. */
  subject(ctx: Pick<Context, "from" | "inRoom" | "bot">): Subject {
    return subjectOf(ctx, this.#trusted);
  }

  /** Decides for anybody. */
  decide(changes: RunTimeChanges, subject: Subject, bot: string, { name, access }: Guarded): Decision {
    return decide(this.config, changes, subject, { bot, command: name, access });
  }
}

const NONE = new Permissions();

/** The permissions of the bot at hand. Where nothing was configured nobody is an admin. */
export function permissionsOf({ bot }: Pick<Context, "bot">): Permissions {
  return bot.permissions ?? NONE;
}

/** Decides whether the sender of the stanza at hand may run a command. */
export async function mayRun(ctx: Context, command: Guarded): Promise<Decision> {
  const permissions = permissionsOf(ctx);
  return permissions.decide(await readChanges(ctx), permissions.subject(ctx), ctx.bot.name, command);
}
