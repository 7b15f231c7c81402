import { createInterface } from "node:readline";
import { startPlace, wildText } from "./support.ts";

// A server to be killed, with a bot that is told what comes in and whose answers go out, a line each.
const place = await startPlace({ "wild/bot.ts": wildText("isolate: true, timeout: 3_600_000") });
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin }))
  void place.says(line).then((answer) => process.stdout.write(`${answer}\n`));
