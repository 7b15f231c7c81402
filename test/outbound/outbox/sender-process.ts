/**
 * Gives stanzas to an outbox on a SQLite store without end, and tells of each that is queued or sent: until it is killed. Run
 * with the file of the store, the URL of mod_rest, and how many were asked for before, by conversation.
 */
import { componentSecret, Outbox, RestClient } from "../../../src/outbound/index.ts";
import { SqliteStore } from "../../../src/store/index.ts";
import { tell } from "../../store/support/tell.ts";
import { DOMAIN, FAST_CLOCK, note } from "./support.ts";

const [file = "", url = "", ...counts] = process.argv.slice(2);
const store = await SqliteStore.open({ file });
const client = new RestClient({
  url,
  host: DOMAIN,
  domain: DOMAIN,
  credentials: componentSecret(DOMAIN, "secret"),
});
const outbox = new Outbox({
  store,
  clients: new Map([[DOMAIN, client]]),
  clock: FAST_CLOCK,
  maxAttempts: 1_000_000,
});
outbox.start();

async function talk(person: number, from: number): Promise<never> {
  for (let number = from; ; number += 1) {
    tell(`asked ${person} ${number}\n`);
    await outbox.send(note(`p${person}@example.com`, `p${person} ${number}`));
    tell(`safe ${person} ${number}\n`);
  }
}

await Promise.all(counts.map((count, person) => talk(person, Number(count))));
