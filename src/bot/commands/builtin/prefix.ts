import { z } from "zod";
import { type Command, command } from "../command.ts";
import { PREFIX, setPrefix } from "../spoken.ts";

/** @internal `prefix`: changes how commands begin in a room. */
export function prefixCommand(): Command {
  return command({
    name: "prefix",
    summary: "changes what commands begin with in this room",
    args: z.object({
      prefix: z
        .string()
        .regex(PREFIX, "has to be one to three characters other than letters, digits and quotes"),
    }),
    positional: ["prefix"],
    examples: ["prefix ?"],
    access: "room-admin",
    where: "groupchat",
    run: (ctx, { prefix }) => {
      setPrefix(ctx, prefix);
      return `Commands for me begin with ${prefix} in this room now.`;
    },
  });
}
