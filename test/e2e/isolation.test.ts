import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { XmlElement } from "@xmpp/client";
import { loadBots } from "../../src/server/index.ts";
import { connect, onBothServers, type Person, until } from "../prosody/support.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const botsDir = new URL("isolated", import.meta.url).pathname;
const { bots, people, rooms } = DOMAINS;
const hermit = `hermit@${bots}`;
const cave = `cave@${rooms}`;

onBothServers("a bot in a process of its own, on a real Prosody", (suite) => {
  let world: World;
  let alice: Person;

  before(async () => {
    world = await startWorld(
      suite,
      (await loadBots(botsDir)).map(({ bot }) => bot),
      { rooms: { hermit: [`${cave}/Hermit`] }, settings: { botsDir } },
    );
    alice = await connect(world.prosody, `alice@${people}`, PASSWORD);
  });

  after(async () => {
    await alice?.stop();
    await world?.[Symbol.asyncDispose]();
  });

  const hears = async (from: string, text: RegExp): Promise<string> => {
    const body = (stanza: XmlElement): string => stanza.getChildText("body") ?? "";
    const heard = await alice.waitFor(
      (stanza) => stanza.name === "message" && stanza.attrs["from"] === from && text.test(body(stanza)),
      `${text} from ${from}`,
    );
    return body(heard);
  };

  /** The processes that it has said to live in. */
  const homes = (): number[] =>
    alice
      .texts(hermit)
      .flatMap((text) => /^I live at (\d+)$/.exec(text)?.[1] ?? [])
      .map(Number);

  const moves = async (from: readonly number[]): Promise<number> => {
    const others = new RegExp(`^I live at (?!(?:${[0, ...from].join("|")})$)`);
    return Number((await hears(hermit, others)).slice("I live at ".length));
  };

  test("answers in order on each mount, and is not this process", async () => {
    assert.notEqual(await moves([]), process.pid);
    const numbers = Array.from({ length: 20 }, (_, number) => `n${number}`);
    for (const number of numbers) await alice.say(hermit, `say ${number}`);
    await hears(hermit, /^n19$/);
    assert.deepEqual(
      alice.texts(hermit).filter((text) => text.startsWith("n")),
      numbers,
    );
    for (const domain of [DOMAINS.stock, DOMAINS.json]) {
      await alice.say(`hermit@${domain}`, "double");
      await hears(`hermit@${domain}`, /^doubled$/);
    }
  });

  test("goes on with a dialog after its process was killed", async () => {
    await alice.say(hermit, "order");
    await hears(hermit, /^Which city\?$/);
    const before = homes();
    process.kill(before.at(-1) as number, "SIGKILL");
    await moves(before);
    await alice.say(hermit, "Verona");
    await hears(hermit, /^To Verona\.$/);
  });

  test("sits in a room, and knows through the end of its process who was there", async () => {
    const isIn = (line: string): boolean => line.includes(hermit) && line.includes("the bot is in a room");
    await until(() => world.log.some(isIn), "the bot in its room");
    const seen = (): number =>
      alice.stanzas.filter(
        ({ name, attrs }) =>
          name === "presence" && attrs["from"] === `${cave}/Hermit` && attrs["type"] === undefined,
      ).length;
    await alice.write(`<presence to='${cave}/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    assert.equal(await hears(`${cave}/Hermit`, /^Welcome/), "Welcome, alice!");
    const [before, presences] = [homes(), seen()];
    await alice.say(hermit, "loop");
    await hears(hermit, /took too long/);
    await moves(before);
    await until(() => seen() > presences, "the bot joining anew");
    const gate = world.server.dispatcher.mount(bots)?.get("hermit")?.gate;
    await until(() => gate?.isAsleep === false, "the end of its pause");
    await alice.write(`<message to='${cave}' type='groupchat' id='who'><body>who is there</body></message>`);
    await hears(`${cave}/Hermit`, /^Hermit alice$/);
    assert.deepEqual(alice.texts(`${cave}/Hermit`), ["Welcome, alice!", "Hermit alice"]);
  });
});
