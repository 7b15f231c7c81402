import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { defineBot } from "../../src/bot/index.ts";
import { connect, onBothServers, type Person, until } from "../prosody/support.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const hall = `hall@${DOMAINS.rooms}`;

/** In the JSON of mod_rest nothing says that somebody is an occupant. */
const domains = [DOMAINS.bots, DOMAINS.stock];

/** Notes by the domain of the bot who has come and who has changed. */
function porter(seen: string[]) {
  return defineBot({
    name: "porter",
    summary: "sees who comes",
    routes(bot) {
      bot.on("message:direct").hears("come", async (ctx) => {
        await ctx.bot.rooms.join(hall, `Porter of ${ctx.bot.jid.domain}`);
      });
      bot.on("presence:joined", (ctx) => {
        seen.push(`${ctx.bot.jid.domain}: ${ctx.occupant.nick} joined`);
      });
      bot.on("presence:changed", (ctx) => {
        const { occupant, before } = ctx;
        seen.push(`${ctx.bot.jid.domain}: ${occupant.nick} ${before.affiliation} ${occupant.affiliation}`);
      });
    },
  });
}

onBothServers("who comes into a room of a real Prosody", (suite) => {
  const seen: string[] = [];
  const people: Person[] = [];
  let world: World;

  before(async () => {
    world = await startWorld(suite, [porter(seen)]);
    for (const name of ["alice", "bob"])
      people.push(await connect(world.prosody, `${name}@${DOMAINS.people}`, PASSWORD));
  });

  after(async () => {
    await Promise.all(people.map((person) => person.stop()));
    await world?.[Symbol.asyncDispose]();
  });

  const sees = (person: Person, nick: string, presence: RegExp): Promise<unknown> =>
    person.waitFor(
      (stanza) => stanza.attrs["from"] === `${hall}/${nick}` && presence.test(String(stanza)),
      `${nick} ${presence}`,
    );

  test("is told from who was there, who changes, and who has another nickname", async () => {
    const [alice, bob] = people as [Person, Person];
    const joins = async (person: Person, nick: string): Promise<void> => {
      const x = "<x xmlns='http://jabber.org/protocol/muc'/>";
      await person.write(`<presence to='${hall}/${nick}'>${x}</presence>`);
      await sees(person, nick, /status code=["']110["']/);
    };
    await joins(alice, "alice");
    const form = "<x xmlns='jabber:x:data' type='submit'/>";
    const open = `<query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query>`;
    await alice.write(`<iq to='${hall}' type='set' id='open'>${open}</iq>`);
    for (const domain of domains) {
      await alice.say(`porter@${domain}`, "come");
      await sees(alice, `Porter of ${domain}`, /<presence/);
      const isIn = (line: string): boolean =>
        line.includes(`porter@${domain}`) && line.includes("the bot is in a room");
      await until(() => world.log.some(isIn), `the porter of ${domain} in the room`);
    }
    assert.deepEqual(
      seen.filter((line) => /alice/.test(line)),
      [],
    );
    seen.length = 0;
    await joins(bob, "bob");
    await bob.write(`<presence to='${hall}/bobby'/>`);
    await sees(alice, "bobby", /<presence/);
    const item = `<item affiliation='admin' jid='bob@${DOMAINS.people}'/>`;
    const query = `<query xmlns='http://jabber.org/protocol/muc#admin'>${item}</query>`;
    await alice.write(`<iq to='${hall}' type='set' id='admin'>${query}</iq>`);
    const changed = domains.map((domain) => `${domain}: bobby none admin`);
    await until(() => changed.every((line) => seen.includes(line)), "the new admin");
    assert.deepEqual(
      seen.filter((line) => line.startsWith(DOMAINS.bots)),
      [`${DOMAINS.bots}: bob joined`, `${DOMAINS.bots}: bobby none admin`],
    );
    assert.deepEqual(
      seen.filter((line) => /(?:alice|bobby) joined/.test(line)),
      [],
    );
  });
});
