import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contactRules } from "../../src/bot/index.ts";
import { respond } from "../../src/callback/index.ts";
import { services } from "../../src/services/index.ts";
import type { Stanza } from "../../src/stanza/index.ts";
import { type Routes, stanza, type World, world, xml } from "../dispatch/support.ts";

const DISCO_INFO = "http://jabber.org/protocol/disco#info";
const DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

/** Bots that do nothing themselves, but for `echo`. */
function served(echo: Routes = () => undefined): World {
  return world(
    { echo, help: () => undefined, butler: () => undefined },
    { host: "help", fallback: services() },
  );
}

const request = (to: string, payload: string, type = "get"): Stanza =>
  stanza(`<iq type='${type}' id='i1' from='juliet@capulet.lit/balcony' to='${to}'>${payload}</iq>`);

/** The answer as Prosody gets it. */
async function answer(of: Stanza, { dispatcher }: World = served()): Promise<string> {
  const { stanza: answered } = respond(of, await dispatcher.dispatch(of));
  return answered === undefined ? "nothing" : xml(answered);
}

describe("what every bot owes the network", () => {
  it("is the answer to a ping (XEP-0199 §4): an empty result", async () => {
    for (const to of ["echo@bots.example", "bots.example"]) {
      assert.equal(await answer(request(to, "<ping xmlns='urn:xmpp:ping'/>")), '<iq type="result" id="i1"/>');
    }
    assert.match(
      await answer(request("echo@bots.example", "<ping xmlns='urn:xmpp:ping'/>", "set")),
      /service-unavailable/,
    );
  });

  it("is to tell what it is and can do (XEP-0030 §3)", async () => {
    const ask = (to: string, at?: World): Promise<string> =>
      answer(request(to, `<query xmlns='${DISCO_INFO}'/>`), at);
    const echo = await ask("echo@bots.example");
    assert.match(
      echo,
      /<query xmlns="[^"]+"><identity category="client" type="bot" name="echo"\/><identity category="pubsub" type="pep"\/><feature /,
    );
    assert.match(
      await ask("bots.example"),
      /<identity category="component" type="generic" name="help"\/><identity category="client" type="bot" name="help"\/><feature /,
    );
    const always = [
      DISCO_INFO,
      DISCO_ITEMS,
      "urn:xmpp:ping",
      "urn:xmpp:receipts",
      "http://jabber.org/protocol/chatstates",
      "http://jabber.org/protocol/caps",
      "urn:xmpp:caps",
    ];
    for (const feature of always) assert.ok(echo.includes(`<feature var="${feature}"/>`), feature);
  });

  it("is to tell that the bots are beneath the domain (XEP-0030 §4)", async () => {
    const ask = (to: string): Promise<string> => answer(request(to, `<query xmlns='${DISCO_ITEMS}'/>`));
    assert.equal(
      await ask("bots.example"),
      `<iq type="result" id="i1" to="juliet@capulet.lit/balcony" from="bots.example"><query xmlns="${DISCO_ITEMS}"><item jid="butler@bots.example" name="butler: is butler"/><item jid="echo@bots.example" name="echo: is echo"/></query></iq>`,
    );
  });

  it("is to refuse nodes that it does not have (XEP-0030 §7), and requests that it does not know", async () => {
    for (const ns of [DISCO_INFO, DISCO_ITEMS]) {
      assert.match(
        await answer(request("echo@bots.example", `<query xmlns='${ns}' node='music'/>`)),
        /^<iq type="error" id="i1".*<item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"\/>/,
      );
    }
    assert.match(
      await answer(request("echo@bots.example", "<q xmlns='urn:unknown'/>")),
      /<service-unavailable /,
    );
  });

  it("is to let itself be seen (RFC 6121 §3.1): subscribed first, then available", async () => {
    const at = served();
    const subscribe = stanza("<presence type='subscribe' from='juliet@capulet.lit' to='echo@bots.example'/>");
    assert.equal(await answer(subscribe, at), "nothing");
    assert.deepEqual(at.sender.sent.map(xml), [
      '<presence type="subscribed" to="juliet@capulet.lit" from="echo@bots.example"/>',
      '<presence to="juliet@capulet.lit" from="echo@bots.example"/>',
    ]);
  });

  it("is to tell its presence when probed (§4.3.2), and that it is gone to who ends a subscription (§3.3.3)", async () => {
    const at = served();
    const from = "from='juliet@capulet.lit' to='echo@bots.example'";
    for (const type of ["probe", "unsubscribe", "unavailable", "subscribed", "unsubscribed"]) {
      assert.equal(await answer(stanza(`<presence type='${type}' ${from}/>`), at), "nothing");
    }
    assert.equal(await answer(stanza(`<presence ${from}/>`), at), "nothing");
    assert.deepEqual(at.sender.sent.map(xml), [
      '<presence to="juliet@capulet.lit" from="echo@bots.example"/>',
      '<presence type="unavailable" to="juliet@capulet.lit" from="echo@bots.example"/>',
    ]);
  });

  it("is to be a contact at addresses that it stands in for, too, as its policy has it", async () => {
    const at = world({ echo: () => undefined }, { catchAll: "echo", fallback: services() });
    const from = "from='juliet@capulet.lit' to='anybody@bots.example'";
    for (const type of ["subscribe", "probe"])
      assert.equal(await answer(stanza(`<presence type='${type}' ${from}/>`), at), "nothing");
    at.bot("echo").contacts.configure(contactRules({ policy: "ask" }), undefined);
    assert.equal(await answer(stanza(`<presence type='probe' ${from}/>`), at), "nothing");
    assert.deepEqual(at.sender.sent.map(xml), [
      '<presence type="subscribed" to="juliet@capulet.lit" from="anybody@bots.example"/>',
      '<presence to="juliet@capulet.lit" from="anybody@bots.example"/>',
      '<presence to="juliet@capulet.lit" from="anybody@bots.example"/>',
      '<presence type="unsubscribed" to="juliet@capulet.lit" from="anybody@bots.example"/>',
    ]);
    assert.equal(await at.bot("echo").contacts.get("juliet@capulet.lit"), undefined);
  });

  it("comes after what a bot does itself", async () => {
    const own = served((bot) => bot.on("iq:get:urn:xmpp:ping", (ctx) => ctx.payload));
    assert.equal(
      await answer(request("echo@bots.example", "<ping xmlns='urn:xmpp:ping'/>"), own),
      '<iq type="result" id="i1" to="juliet@capulet.lit/balcony" from="echo@bots.example"><ping xmlns="urn:xmpp:ping"/></iq>',
    );
  });
});
