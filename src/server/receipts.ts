import type { Logger } from "pino";
import type { RestClient } from "../outbound/index.ts";
import type { Message } from "../stanza/index.ts";

/** How many receipts may be on their way at once; what comes on top is left out, as is one that fails: a receipt is a courtesy. */
const MOST = 1_000;

/** Sends receipts (XEP-0184) that cannot ride in the answer to a callback, because a reply does. */
export function receiptSender(client: Pick<RestClient, "send">, log: Logger): (receipt: Message) => void {
  let underWay = 0;
  return (receipt) => {
    if (underWay >= MOST) return;
    underWay += 1;
    client
      .send(receipt)
      .catch((error: unknown) =>
        log.debug({ err: error, to: String(receipt.to) }, "a receipt could not be sent"),
      )
      .finally(() => {
        underWay -= 1;
      });
  };
}
