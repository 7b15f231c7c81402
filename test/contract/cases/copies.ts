import assert from "node:assert/strict";
import { type CaseContext, casesOf, XML, xmlOf } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";
import type { TestClient } from "../support/server-under-test.ts";

const { all, prove } = casesOf("copies");
export const copyCases = all;

const REPLY = {
  status: 200,
  type: XML,
  body: "<message type='chat'><body>replied</body></message>",
};

prove(
  "A reply goes to the client that asked alone, and into no archive; a message by POST goes to all clients, and into the archive",
  async (on) => {
    const { phone, laptop } = await clientsOf(on, "carol");
    const bot = on.bot("tokens", REPLY);
    const reply = await bot.asked(phone, "<message type='chat'><body>asked</body></message>");
    assert.equal(reply.childText("body"), "replied");
    const body = `<message type='chat' from='${bot.jid}' to='${phone.jid}'><body>posted</body></message>`;
    assert.equal((await on.rest({ host: "tokens.localhost", credentials: TOKEN, body })).status, 202);
    assert.equal((await phone.nextFrom(bot.jid)).childText("body"), "posted");
    assert.deepEqual(await copiesUntil("posted", laptop, bot.jid), ["sent asked", "received posted"]);
    assert.deepEqual(await archived(on, "carol", bot.jid), ["asked", "posted"]);
    await Promise.all([phone.stop(), laptop.stop()]);
  },
);

prove(
  "mod_restanza_callback has replies go to all clients of the person, and into their archive",
  async (on) => {
    const { phone, laptop } = await clientsOf(on, "carol");
    const bot = on.bot("carried", REPLY);
    const reply = await bot.asked(phone, "<message type='chat'><body>asked</body></message>");
    assert.equal(reply.childText("body"), "replied");
    assert.deepEqual(await copiesUntil("replied", laptop, bot.jid), ["sent asked", "received replied"]);
    assert.deepEqual(await archived(on, "carol", bot.jid), ["asked", "replied"]);
    await Promise.all([phone.stop(), laptop.stop()]);
  },
);

/** Two clients of an account, of which the second wants copies (XEP-0280) of what the first sends and gets. */
async function clientsOf(
  on: CaseContext,
  account: string,
): Promise<{ phone: TestClient; laptop: TestClient }> {
  const [phone, laptop] = await Promise.all([on.client(account), on.client(account)]);
  laptop.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
  await laptop.inbox.next((stanza) => stanza.attr("id") === "carbons", "carbons to be on");
  return { phone, laptop };
}

/** What the client has got as copies of a conversation with the bot, up to the one with these words. */
async function copiesUntil(words: string, client: TestClient, bot: string): Promise<string[]> {
  const copies: string[] = [];
  while (!copies.at(-1)?.endsWith(` ${words}`)) {
    const carbon = await client.inbox.next((stanza) => {
      const copied = stanza.elements[0]?.child("forwarded", "urn:xmpp:forward:0")?.elements[0];
      return [copied?.attr("from"), copied?.attr("to")].includes(bot);
    }, `a copy of ${words}`);
    const side = carbon.elements[0];
    copies.push(`${side?.name} ${side?.elements[0]?.elements[0]?.childText("body")}`);
  }
  return copies;
}

/** What the archive of an account has of its conversation with somebody. */
async function archived(on: CaseContext, account: string, jid: string): Promise<(string | undefined)[]> {
  const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
  const form = `<x xmlns='jabber:x:data' type='submit'>${field("FORM_TYPE", "urn:xmpp:mam:2")}${field("with", jid)}</x>`;
  const body = `<iq type='set' id='${on.slug}'><query xmlns='urn:xmpp:mam:2' queryid='q'>${form}</query></iq>`;
  const answer = xmlOf(await on.rest({ credentials: `${account}:${account}-password`, body }));
  return answer.elements.flatMap((message) => {
    const result = message.child("result", "urn:xmpp:mam:2");
    const archived = result?.child("forwarded", "urn:xmpp:forward:0")?.child("message", "jabber:client");
    return archived === undefined ? [] : [archived.childText("body")];
  });
}
