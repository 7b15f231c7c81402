/**
 * Whether a stanza costs the same however much restanza knows: one bot or 200, one conversation or 10,000, one room or
 * 10,000; one bot with one command, or 1,000 with 50 each. A stanza is read, brought to its bot, and the reply written, in one process without HTTP, which would hide a
 * difference.
 *
 * `node --import tsx bench/routing.ts [--rounds 15] [--stanzas 5000]`
 */
import { pino } from "pino";
import {
  type Composer,
  Contacts,
  configureBot,
  defineBot,
  Identity,
  Peers,
  profileOf,
  Rooms,
  type Sender,
} from "../src/bot/index.ts";
import { Dispatcher, Mount } from "../src/dispatch/index.ts";
import { services } from "../src/services/index.ts";
import { Jid, readStanza, writeXml } from "../src/stanza/index.ts";
import { type Finding, machine, numbers, print, printTable } from "./support/report.ts";
import { DOMAIN, WORDS } from "./support/stanza.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";

const sender: Sender = {
  send: async () => ({ id: "unused" }),
  iq: async (stanza) => stanza,
};

const echo = (routes: Composer): void => void routes.on("message:body", (ctx) => ctx.body);

/** Routes for so many commands, each by its word. */
function commands(count: number): (routes: Composer) => void {
  return (routes) => {
    for (let index = 0; index < count; index += 1) routes.hears(word(index), (ctx) => ctx.body);
  };
}

function word(command: number): string {
  return `command ${String(command).padStart(2, "0")}`;
}

/** A dispatcher with so many bots, of which the first is in so many rooms. */
async function dispatcher(bots: number, rooms: number, routes = echo): Promise<Dispatcher> {
  const log = pino({ level: "silent" });
  const mount = new Mount(DOMAIN);
  for (let index = 0; index < bots; index += 1) {
    const bot = defineBot({
      name: `bot${index}`,
      summary: "says back what you say",
      routes,
    });
    const configured = configureBot(bot);
    const jid = Jid.of(bot.name, DOMAIN);
    mount.put({
      jid,
      identity: new Identity(jid, profileOf(bot)),
      peers: new Peers(jid, { ask: (request) => sender.iq(request) }),
      sender,
      log,
      directory: mount,
      contacts: new Contacts({ bot: jid, sender }),
      rooms: new Rooms(jid, sender),
      ...configured,
    });
  }
  const first = mount.get("bot0")?.rooms;
  for (let index = 0; index < rooms; index += 1) await first?.join(Jid.of(`room${index}`, "rooms.test"));
  return new Dispatcher({ mounts: [mount], fallback: services() });
}

function chat(bot: number, person: number, body = WORDS): string {
  return `<message type='chat' id='a' from='person${person}@people.test/phone' to='bot${bot}@${DOMAIN}'><body>${body}</body></message>`;
}

function groupchat(room: number): string {
  return `<message type='groupchat' id='a' from='room${room}@rooms.test/juliet' to='bot0@${DOMAIN}/phone'><body>${WORDS}</body></message>`;
}

interface Case {
  readonly name: string;
  /** What it is compared with, and how much more it may cost. */
  readonly beside: number;
  readonly most?: number;
  readonly dispatcher: Dispatcher;
  readonly stanza: (index: number) => string;
  readonly costs: number[];
}

const MANY = 10_000;
const BOTS = 1_000;
const COMMANDS = 50;

async function cases(): Promise<Case[]> {
  const one = await dispatcher(1, 1);
  const bots = await dispatcher(200, 1);
  const rooms = await dispatcher(1, MANY);
  const people = Array.from({ length: MANY }, (_, person) => chat(0, person));
  const toBots = Array.from({ length: MANY }, (_, index) => chat(index % 200, 0));
  // As many stanzas wherever they come from: going through a long list costs something by itself.
  const same = Array.from({ length: MANY }, () => chat(0, 0));
  const inOne = Array.from({ length: MANY }, () => groupchat(0));
  const inMany = Array.from({ length: MANY }, (_, room) => groupchat(room));
  const oneCommand = await dispatcher(1, 0, commands(1));
  const manyCommands = await dispatcher(BOTS, 0, commands(COMMANDS));
  const command = Array.from({ length: MANY }, () => chat(0, 0, word(0)));
  const toCommands = Array.from({ length: MANY }, (_, index) =>
    // Every bot is called before one is called again, and each time by another word.
    chat(index % BOTS, 0, word((index + Math.floor(index / BOTS)) % COMMANDS)),
  );
  const from = (stanzas: readonly string[]) => (index: number) => stanzas[index % MANY] as string;
  return [
    { name: "one bot, one conversation", beside: 0, dispatcher: one, stanza: from(same), costs: [] },
    { name: "200 bots", beside: 0, dispatcher: bots, stanza: from(toBots), costs: [] },
    { name: "10,000 conversations", beside: 0, dispatcher: one, stanza: from(people), costs: [] },
    { name: "one room", beside: 3, dispatcher: one, stanza: from(inOne), costs: [] },
    { name: "10,000 rooms", beside: 3, dispatcher: rooms, stanza: from(inMany), costs: [] },
    { name: "one bot, one command", beside: 5, dispatcher: oneCommand, stanza: from(command), costs: [] },
    {
      name: "1,000 bots × 50 commands",
      beside: 5,
      most: 1.1,
      dispatcher: manyCommands,
      stanza: from(toCommands),
      costs: [],
    },
  ];
}

async function measure({ dispatcher, stanza, costs }: Case, stanzas: number): Promise<void> {
  const before = process.cpuUsage();
  for (let index = 0; index < stanzas; index += 1) {
    const outcome = await dispatcher.dispatch(readStanza(stanza(index)));
    if (outcome.kind !== "reply") throw new Error(`a stanza was not answered: ${outcome.kind}`);
    writeXml(outcome.stanza.element);
  }
  const { user, system } = process.cpuUsage(before);
  costs.push((user + system) / stanzas);
}

/** Runs all cases in turns and prints how they compare. */
export async function routingBench(rounds: number, stanzas: number): Promise<Finding[]> {
  const all = await cases();
  for (let round = 0; round <= rounds; round += 1) {
    for (const index of turn(all.length, round)) await measure(all[index] as Case, stanzas);
    if (round === 0) for (const { costs } of all) costs.length = 0;
  }
  print(`\nRouting: ${rounds} rounds of ${stanzas} stanzas; ${machine()}`);
  print("What a stanza costs beside the smallest case, as medians of the rounds; flat is 1.\n");
  printTable(
    ["", "µs CPU", "this/smallest"],
    all.map(({ name, beside, costs }) => [
      name,
      median(costs).toFixed(1),
      showRatio(ratios(costs, all[beside]?.costs ?? [])),
    ]),
  );
  return all
    .filter(({ beside }, index) => beside !== index)
    .map(({ name, beside, most = 1.25, costs }) => ({
      what: `routing, CPU: ${name} / one`,
      ratio: ratios(costs, all[beside]?.costs ?? []),
      aim: { most },
    }));
}

if (import.meta.main) {
  const { rounds, stanzas } = numbers({ rounds: 15, stanzas: 5000 });
  await routingBench(rounds, stanzas);
}
