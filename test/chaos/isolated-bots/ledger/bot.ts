import ledger from "../../bots/ledger/bot.ts";

/** The ledger, in a process of its own, which ends with restanza's. */
export default { ...ledger, isolate: true };
