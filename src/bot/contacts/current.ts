import { type Presence, presence } from "../../stanza/index.ts";
import type { BotState } from "../control.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import type { FrameworkText } from "../i18n/framework.ts";
import { textIn } from "../text.ts";
import type { Status } from "./status.ts";

/** @internal The presence of a bot that is in this state: what it has said of itself, unless there is something else to say. */
export function currentPresence(
  state: BotState,
  { show, text }: Status,
  texts: Catalogues<FrameworkText>,
  lang: string | undefined,
): Presence {
  switch (state) {
    case "disabled":
      return presence({ type: "unavailable", status: texts.say("disabled", lang) });
    case "paused":
      return presence({ show: "dnd", status: texts.say("paused", lang) });
    default:
      return presence({ show, status: text === undefined ? undefined : textIn(text, lang) });
  }
}
