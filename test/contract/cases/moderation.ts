import assert from "node:assert/strict";
import { type Element, Message, readXml } from "../../../src/stanza/index.ts";
import { readRoomStatuses, readVoiceRequest } from "../../../src/xep/index.ts";
import type { Bot, CaseContext } from "../support/contract-case.ts";
import { casesOf, errorOf } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";

const { all, prove } = casesOf("rooms");
export const moderationCases = all;

const NS_MUC = "http://jabber.org/protocol/muc";
const NS_USER = `${NS_MUC}#user`;
const NS_OWNER = `${NS_MUC}#owner`;

const admin = (item: string): string => `<query xmlns='${NS_MUC}#admin'>${item}</query>`;
const owner = (inside: string): string => `<query xmlns='${NS_OWNER}'>${inside}</query>`;
const submit = (...fields: readonly (readonly [string, string])[]): string =>
  owner(
    `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>${NS_MUC}#roomconfig</value></field>${fields
      .map(([name, value]) => `<field var='muc#roomconfig_${name}'><value>${value}</value></field>`)
      .join("")}</x>`,
  );

/** A room that a bot has made, and in which nobody else is yet. */
interface Own {
  readonly room: string;
  readonly bot: Bot;
  /** Has the bot ask; gives what it is answered, the error in short where it is one. */
  asks(type: "get" | "set", payload: string, to?: string): Promise<Element | string>;
}

async function ownRoom(on: CaseContext, suffix = ""): Promise<Own> {
  const room = `${on.slug}${suffix}@rooms.localhost`;
  const bot = on.bot("tokens", undefined, suffix);
  const asks: Own["asks"] = async (type, payload, to = room) => {
    const body = `<iq type='${type}' from='${bot.jid}' to='${to}' id='q'>${payload}</iq>`;
    const answer = readXml((await post(on, body, 200)).body);
    return answer.attr("type") === "error" ? errorOf(answer) : answer;
  };
  await post(on, `<presence from='${bot.jid}' to='${room}/bot'><x xmlns='${NS_MUC}'/></presence>`, 202);
  assert.ok((await asks("set", owner("<x xmlns='jabber:x:data' type='submit'/>"))) instanceof Object);
  return { room, bot, asks };
}

async function post(on: CaseContext, body: string, status: number): Promise<{ body: string }> {
  const result = await on.rest({ host: "tokens.localhost", credentials: TOKEN, body });
  assert.equal(result.status, status, result.body);
  return result;
}

function knock(on: CaseContext, room: string, inside = ""): Promise<Element> {
  on.bob.send(`<presence to='${room}/bob'><x xmlns='${NS_MUC}'>${inside}</x></presence>`);
  return on.bob.nextFrom(room, (stanza) => stanza.name === "presence");
}

/** What a presence tells of an occupant: its affiliation, role and codes, who did it and why. */
function told(presence: Element): string {
  const user = presence.child("x", NS_USER);
  const item = user?.child("item");
  const codes = user?.childrenNamed("status").map((status) => status.attr("code")) ?? [];
  return [
    presence.attr("type") ?? "available",
    item?.attr("affiliation"),
    item?.attr("role"),
    ...codes.sort(),
    item?.child("actor")?.attr("nick") ?? "",
    item?.childText("reason") ?? "",
  ].join(" ");
}

/** What bob is told of himself next. */
async function bobs(on: CaseContext, room: string): Promise<string> {
  return told(await on.bob.nextFrom(`${room}/bob`, (stanza) => stanza.name === "presence"));
}

async function comes(on: CaseContext, room: string): Promise<void> {
  await knock(on, room);
  await on.bob.nextFrom(room, (stanza) => stanza.name === "message");
  on.bob.drainFrom(room);
}

prove(
  "A bot that pings itself in a room is told so, and who is not in it that it is not (XEP-0410)",
  async (on) => {
    const { room, asks } = await ownRoom(on);
    const ping = "<ping xmlns='urn:xmpp:ping'/>";
    const answer = await asks("get", ping, `${room}/bot`);
    assert.ok(typeof answer !== "string");
    assert.equal(answer.attr("type"), "result");
    assert.equal(await asks("get", ping, `${room}/nobody`), "cancel/item-not-found");
    await post(on, `<presence type='unavailable' from='${on.slug}@tokens.localhost' to='${room}/bot'/>`, 202);
    const gone = await asks("get", ping, `${room}/bot`);
    assert.ok(gone === "cancel/not-acceptable" || gone === "cancel/item-not-found", String(gone));
  },
);

prove("A moderator kicks, and gives and takes voice, by nickname", async (on) => {
  const { room, asks } = await ownRoom(on);
  await comes(on, room);
  const role = (what: string, reason = "") =>
    asks("set", admin(`<item nick='bob' role='${what}'>${reason && `<reason>${reason}</reason>`}</item>`));
  assert.ok(typeof (await role("visitor", "hush")) !== "string");
  assert.equal(await bobs(on, room), "available none visitor 110 bot hush");
  on.bob.send(`<message type='groupchat' to='${room}'><body>Hello</body></message>`);
  const refused = await on.bob.nextFrom(room, (stanza) => stanza.attr("type") === "error");
  assert.equal(errorOf(refused), "auth/forbidden");
  assert.ok(typeof (await role("participant")) !== "string");
  assert.equal(await bobs(on, room), "available none participant 110 bot ");
  assert.ok(typeof (await role("none", "enough")) !== "string");
  assert.equal(await bobs(on, room), "unavailable none none 110 307 bot enough");
  assert.equal(await role("none"), "modify/item-not-found");
});

prove("An owner bans, pardons, lists and makes members, by account", async (on) => {
  const { room, asks } = await ownRoom(on);
  await comes(on, room);
  const be = (what: string) => asks("set", admin(`<item jid='bob@localhost' affiliation='${what}'/>`));
  assert.ok(typeof (await be("member")) !== "string");
  assert.equal(await bobs(on, room), "available member participant 110 bot ");
  const listed = async (what: string): Promise<readonly string[]> => {
    const answer = await asks("get", admin(`<item affiliation='${what}'/>`));
    assert.ok(typeof answer !== "string", String(answer));
    const items = answer.child("query", `${NS_MUC}#admin`)?.childrenNamed("item") ?? [];
    return items.map((item) => `${item.attr("affiliation")} ${item.attr("jid")}`);
  };
  assert.deepEqual(await listed("member"), ["member bob@localhost"]);
  assert.ok(typeof (await be("outcast")) !== "string");
  assert.equal(await bobs(on, room), "unavailable outcast none 110 301 bot ");
  assert.deepEqual(await listed("outcast"), ["outcast bob@localhost"]);
  assert.equal(errorOf(await knock(on, room)), "auth/forbidden");
  assert.ok(typeof (await be("none")) !== "string");
  assert.deepEqual(await listed("outcast"), []);
  await comes(on, room);
  const self = `<item jid='${on.slug}@tokens.localhost' affiliation='none'/>`;
  assert.equal(await asks("set", admin(self)), "cancel/conflict");
});

prove("Who is no moderator may not kick, ban, list or configure", async (on) => {
  const { room, asks } = await ownRoom(on);
  await comes(on, room);
  const tries = async (type: string, payload: string): Promise<string> => {
    on.bob.send(`<iq type='${type}' to='${room}' id='try'>${payload}</iq>`);
    return errorOf(await on.bob.nextFrom(room, (stanza) => stanza.name === "iq"));
  };
  assert.equal(await tries("set", admin("<item nick='bot' role='none'/>")), "cancel/not-allowed");
  assert.equal(
    await tries("set", admin("<item jid='eve@localhost' affiliation='outcast'/>")),
    "cancel/not-allowed",
  );
  assert.equal(await tries("get", admin("<item affiliation='member'/>")), "auth/forbidden");
  assert.equal(await tries("get", admin("<item role='participant'/>")), "auth/forbidden");
  assert.equal(await tries("get", owner("")), "auth/forbidden");
  assert.equal(await tries("set", submit(["roomname", "mine"])), "auth/forbidden");
  assert.equal(await asks("set", owner("")), "modify/bad-request");
});

prove("A room is configured by its form, and then lets in by it", async (on) => {
  const { room, asks } = await ownRoom(on);
  const form = await asks("get", owner(""));
  assert.ok(typeof form !== "string");
  const x = form.child("query", NS_OWNER)?.child("x", "jabber:x:data");
  const names = x?.childrenNamed("field").map((field) => field.attr("var")) ?? [];
  for (const name of ["roomname", "roomsecret", "membersonly", "moderatedroom", "whois", "changesubject"])
    assert.ok(names.includes(`muc#roomconfig_${name}`), name);
  assert.ok(typeof (await asks("set", submit(["roomsecret", "cauldron"]))) !== "string");
  assert.equal(errorOf(await knock(on, room)), "auth/not-authorized");
  await knock(on, room, "<password>cauldron</password>");
  on.bob.send(`<presence type='unavailable' to='${room}/bob'/>`);
  await on.bob.nextFrom(`${room}/bob`, (stanza) => stanza.attr("type") === "unavailable");
  on.bob.drainFrom(room);
  assert.ok(typeof (await asks("set", submit(["roomsecret", ""], ["membersonly", "1"]))) !== "string");
  assert.equal(errorOf(await knock(on, room)), "auth/registration-required");
  assert.ok(typeof (await asks("set", submit(["membersonly", "0"], ["moderatedroom", "1"]))) !== "string");
  assert.equal(told(await knock(on, room)).split(" ")[0], "available");
  on.bob.drainFrom(room);
});

prove("A moderator is told who wants to speak, and allows it", async (on) => {
  const { room, bot, asks } = await ownRoom(on);
  assert.ok(typeof (await asks("set", submit(["moderatedroom", "1"]))) !== "string");
  await comes(on, room);
  const form = (...fields: readonly (readonly [string, string])[]): string =>
    `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>${NS_MUC}#request</value></field>${fields
      .map(([name, value]) => `<field var='muc#${name}'><value>${value}</value></field>`)
      .join("")}</x>`;
  const asking = bot.callbacks.next(({ body }) => body.includes(`${NS_MUC}#request`), "a request for voice");
  on.bob.send(`<message to='${room}'>${form(["role", "participant"])}</message>`);
  const asked = new Message(readXml((await asking).body));
  const request = readVoiceRequest(asked);
  assert.deepEqual(
    [String(asked.from), asked.type, request?.nick, request?.role, request?.jid?.bare.toString()],
    [room, "normal", "bob", "participant", "bob@localhost"],
  );
  const answer = (allow: string): Promise<unknown> => {
    const fields = form(["role", "participant"], ["jid", String(request?.jid)], ["request_allow", allow]);
    return post(on, `<message from='${bot.jid}' to='${room}'>${fields}</message>`, 202);
  };
  on.bob.drainFrom(room);
  await answer("false");
  await answer("true");
  assert.equal(await bobs(on, room), "available none participant 110 bot Voice granted");
});

prove("A room tells everybody that it is configured anew", async (on) => {
  const { room, asks } = await ownRoom(on);
  await comes(on, room);
  const tells = async (...fields: readonly (readonly [string, string])[]): Promise<readonly string[]> => {
    assert.ok(typeof (await asks("set", submit(...fields))) !== "string");
    const said = await on.bob.nextFrom(room, (stanza) => stanza.name === "message");
    return readRoomStatuses(new Message(said)).sort();
  };
  assert.deepEqual(await tells(["changesubject", "1"]), ["configuration-changed"]);
  assert.deepEqual(await tells(["whois", "anyone"]), ["now-non-anonymous"]);
  const both = [
    ["whois", "moderators"],
    ["changesubject", "0"],
  ] as const;
  assert.deepEqual(await tells(...both), ["configuration-changed", "now-semi-anonymous"]);
});

prove("A room is destroyed by its owner, and tells where to go instead", async (on) => {
  const { room, asks } = await ownRoom(on);
  await comes(on, room);
  const end = "<destroy jid='other@rooms.localhost'><reason>draughty</reason></destroy>";
  assert.ok(typeof (await asks("set", owner(end))) !== "string");
  const gone = await on.bob.nextFrom(`${room}/bob`, (stanza) => stanza.attr("type") === "unavailable");
  const destroy = gone.child("x", NS_USER)?.child("destroy");
  assert.deepEqual(
    [destroy?.attr("jid"), destroy?.childText("reason")],
    ["other@rooms.localhost", "draughty"],
  );
});

prove("A room passes an invitation on, without telling whose account asks, and its decline", async (on) => {
  const room = `${on.slug}@rooms.localhost`;
  const bot = on.bot("tokens");
  on.alice.send(`<presence to='${room}/alice'><x xmlns='${NS_MUC}'/></presence>`);
  await on.alice.nextFrom(room, (stanza) => stanza.name === "message");
  on.alice.send(
    `<message to='${room}'><x xmlns='${NS_USER}'><invite to='${bot.jid}'><reason>come in</reason></invite></x></message>`,
  );
  const { body } = await bot.next();
  const asked = readXml(body);
  const invite = asked.child("x", NS_USER)?.child("invite");
  assert.deepEqual(
    [asked.attr("from"), asked.attr("type"), invite?.attr("from"), invite?.childText("reason")],
    [room, undefined, `${room}/alice`, "come in"],
  );
  assert.equal(asked.child("x", "jabber:x:conference")?.attr("jid"), room);
  assert.equal(asked.childText("body"), `${room}/alice invited you to the room ${room} (come in)`);
  const decline = `<x xmlns='${NS_USER}'><decline to='${room}/alice'><reason>no</reason></decline></x>`;
  await post(on, `<message from='${bot.jid}' to='${room}'>${decline}</message>`, 202);
  const said = await on.alice.nextFrom(
    room,
    (stanza) => stanza.child("x", NS_USER)?.child("decline") !== undefined,
  );
  const declined = said.child("x", NS_USER)?.child("decline");
  assert.deepEqual([declined?.attr("from"), declined?.childText("reason")], [bot.jid, "no"]);
});

prove("The subject is told to all, and to who comes later, and only moderators set it", async (on) => {
  const { room, bot } = await ownRoom(on);
  await comes(on, room);
  await post(
    on,
    `<message type='groupchat' from='${bot.jid}' to='${room}'><subject>What the butler saw</subject></message>`,
    202,
  );
  const heard = await on.bob.nextFrom(room, (stanza) => stanza.name === "message");
  assert.deepEqual([heard.attr("from"), heard.childText("subject")], [`${room}/bot`, "What the butler saw"]);
  on.bob.send(`<message type='groupchat' to='${room}'><subject>Nothing</subject></message>`);
  const refused = await on.bob.nextFrom(room, (stanza) => stanza.attr("type") === "error");
  assert.equal(errorOf(refused), "auth/forbidden");
  on.alice.send(`<presence to='${room}/alice'><x xmlns='${NS_MUC}'/></presence>`);
  const later = await on.alice.nextFrom(room, (stanza) => stanza.name === "message");
  assert.equal(later.childText("subject"), "What the butler saw");
});
