import { z } from "zod";
import type { Catalogues } from "../../i18n/catalogues.ts";
import type { FrameworkText } from "../../i18n/framework.ts";
import { type Command, command } from "../command.ts";
import { saying } from "../problems.ts";
import { sayingFor } from "../reading.ts";
import { PREFIX, setPrefix } from "../spoken.ts";

/** @internal `prefix`: changes how commands begin in a room. */
export function prefixCommand(texts: Catalogues<FrameworkText>): Command {
  return command({
    name: "prefix",
    summary: texts.everywhere("prefixSummary"),
    args: z.object({
      prefix: z.string().refine((text) => PREFIX.test(text), saying("prefixWanted")),
    }),
    positional: ["prefix"],
    examples: ["prefix ?"],
    access: "room-admin",
    where: "groupchat",
    run: (ctx, { prefix }) => {
      setPrefix(ctx, prefix);
      return sayingFor(ctx)("prefixSet", { prefix });
    },
  });
}
