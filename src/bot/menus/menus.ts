import type { Stanza } from "../../stanza/index.ts";
import { NS_COMMANDS, readCommandRequest } from "../../xep/index.ts";
import type { Command } from "../commands/command.ts";
import type { Context } from "../context.ts";
import type { Chain } from "../middleware.ts";
import { Step } from "./step.ts";

/**
 * @internal Takes what somebody runs from a menu of their client (XEP-0050): gives out the form of a command, reads it, and hands the command on as
 * if its name had been said, so that it meets the same plugins, limits and boundaries.
 *
 * @param all the commands of the bot.
 * @param inside what has them.
 */
export function menus(all: () => readonly Command<never>[], inside: Chain<Context>): Chain<Context> {
  return (pass, next) => {
    const { stanza } = pass.ctx;
    if (stanza.kind !== "iq" || !isMenuCall(stanza)) return next();
    const request = stanza.payload && readCommandRequest(stanza.payload);
    const command =
      request && all().find(({ name, where }) => name === request.node && where !== "groupchat");
    if (request === undefined || command === undefined) return next();
    return new Step(pass, stanza, command, request, inside).take();
  };
}

/** @internal Whether a stanza runs a command from a menu. */
export function isMenuCall(stanza: Stanza): boolean {
  return stanza.kind === "iq" && stanza.type === "set" && stanza.payload?.is("command", NS_COMMANDS) === true;
}
