import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import type { StartedBot } from "../../src/bot/index.ts";
import {
  accountPassword,
  CommandFailedError,
  CommandFormError,
  CommandRefusedError,
  RestClient,
  serverCommands,
} from "../../src/outbound/index.ts";
import { el, StanzaError } from "../../src/stanza/index.ts";
import {
  buildAvatarData,
  buildAvatarMetadata,
  NS_AVATAR_DATA,
  NS_AVATAR_METADATA,
  readPubSubRefusal,
} from "../../src/xep/index.ts";
import { connect, onBothServers, until } from "../prosody/support.ts";
import { makeCallers, NODE_MOOD, NS_NEWS, PUBSUB } from "./caller.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const { bots, people, rooms } = DOMAINS;
const callerJid = `caller@${bots}`;
const ADD_USER = serverCommands.addUser.node;

onBothServers("what bots ask others, with a real Prosody", (suite) => {
  let world: World;
  let caller: StartedBot<unknown>;
  let stranger: StartedBot<unknown>;

  before(async () => {
    const callers = makeCallers();
    world = await startWorld(suite, callers.bots, {
      peopleHost: {
        modules: [
          "admin_adhoc",
          "blocklist",
          "external_services",
          "invites_adhoc",
          "lastactivity",
          "mam",
          "pep",
          "rest",
          "uptime",
          "user_account_management",
        ],
        options: { external_services: [{ type: "stun", host: "stun.example.com", port: 3478 }] },
      },
      hosts: [{ kind: "pubsub", host: PUBSUB }],
      roomModules: ["muc_mam"],
      options: { admins: [callerJid] },
    });
    [caller, stranger] = await Promise.all([callers.caller, callers.stranger]);
    const pubsub = caller.calls.pubsub(PUBSUB);
    await pubsub.node("news").create({ "pubsub#max_items": "20" });
    // Prosody lets none but admins make nodes.
    await pubsub.node("own").create();
    await pubsub.node("own").changeAffiliations([[`alice@${people}`, "owner"]]);
  });

  after(() => world?.[Symbol.asyncDispose]());

  /** How many requests restanza has made. */
  const requests = () => world.log.filter((line) => line.includes('"posted an IQ"')).length;

  test("discovers the commands of the server and runs uptime for who asks", async () => {
    const alice = await connect(world.prosody, `alice@${people}`, PASSWORD);
    await alice.say(callerJid, "uptime");
    await until(() => alice.texts(callerJid).length > 0, "the uptime", 30_000);
    assert.match(alice.texts(callerJid)[0] ?? "", /^This server has been running for .+\. \d\d commands\.$/);
    await alice.stop();
  });

  test("knows what an entity is, runs, and offers", async () => {
    const { calls } = caller;
    const { identities, features } = await calls.disco(people);
    assert.deepEqual(identities[0]?.category, "server");
    assert.ok(features.has("http://jabber.org/protocol/commands"));
    assert.equal((await calls.version(people)).name, "Prosody");
    assert.ok((await calls.time(people)).utc instanceof Date);
    assert.equal(typeof (await calls.lastActivity(people)).seconds, "number");
    assert.ok((await calls.ping(people)) > 0);
    const [stun] = await calls.externalServices(people);
    assert.deepEqual([stun?.type, stun?.host, stun?.port], ["stun", "stun.example.com", 3478]);
  });

  test("makes, lists and removes accounts, as an admin", async () => {
    const { calls } = caller;
    const jid = `carol@${people}`;
    const { text } = await calls.run(people, serverCommands.addUser, { jid, password: "a secret" });
    assert.match(text, /created/);
    const online = await connect(world.prosody, jid, "a secret");
    assert.ok((await calls.run(people, serverCommands.onlineUsers)).values.includes(jid));
    const { values } = await calls.run(people, serverCommands.userStatistics, { jid });
    assert.equal(values.resources.length, 1);
    await online.stop();

    const again = calls.run(people, serverCommands.addUser, { jid, password: "another" });
    await assert.rejects(
      again,
      (error) => error instanceof CommandFailedError && /exists/.test(error.message),
    );
    await calls.run(people, serverCommands.deleteUsers, { jids: [jid] });
    await assert.rejects(connect(world.prosody, jid, "a secret"));
  });

  test("makes an invitation to make an account", async () => {
    const { values } = await caller.calls.run(people, serverCommands.inviteAccount);
    assert.match(values.uri, /^xmpp:people\.test\?register;preauth=/);
    assert.ok(values.expires && values.expires.getTime() > Date.now());
  });

  test("is told why a command does not run", async () => {
    const unfit = caller.calls.run(people, ADD_USER, { accountjid: `dave@${people}`, colour: "red" });
    await assert.rejects(unfit, (error) => {
      assert.ok(error instanceof CommandFormError);
      assert.deepEqual(error.problems, [{ field: "colour", kind: "unknown" }]);
      assert.equal(error.ran, false);
      return true;
    });
    const empty = caller.calls.run(people, ADD_USER);
    await assert.rejects(empty, (error) => {
      assert.ok(error instanceof CommandFormError);
      assert.deepEqual(error.problems, [{ field: "accountjid", kind: "missing" }]);
      return true;
    });
    // Prosody leaves out of the list what one may not run.
    const mine = await stranger.calls.commands(people);
    assert.deepEqual(
      mine.map(({ node }) => node),
      ["uptime"],
    );
    await assert.rejects(stranger.calls.run(people, ADD_USER), (error) => {
      assert.ok(error instanceof CommandRefusedError && error instanceof StanzaError);
      assert.deepEqual([error.reason, error.node, error.type], ["forbidden", ADD_USER, "auth"]);
      return true;
    });
    const { text } = await stranger.calls.run(people, "uptime");
    assert.match(text, /running/);
  });

  test("runs the commands of another bot, in stages too", async () => {
    const { calls } = caller;
    const other = `stranger@${bots}`;
    const offered = (await calls.commands(other)).map(({ node }) => node);
    assert.ok(offered.includes("add") && offered.includes("book"), offered.join());
    assert.equal((await calls.run(other, "add", { one: 1, other: 2 })).text, "3");
    const booked = await calls.run(other, "book", [{ answer: "Rome" }, { answer: "late" }]);
    assert.equal(booked.text, "A table in Rome, late.");
    await assert.rejects(
      calls.run(other, "add", { one: 10, other: 2 }),
      (error) => error instanceof CommandFailedError && /did not take/.test(error.message),
    );
    await assert.rejects(
      calls.command(other, "book", { action: "next", sessionId: "nowhere", values: { answer: "x" } }),
      (error) => error instanceof CommandRefusedError && error.reason === "bad-sessionid",
    );
  });

  test("reads the archive of a room page by page, from either end, as far as it is wanted", async () => {
    const room = `annals@${rooms}`;
    const alice = await connect(world.prosody, `alice@${people}`, PASSWORD);
    await alice.write(`<presence to='${room}/a'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await alice.write(
      `<iq type='set' id='open' to='${room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`,
    );
    await alice.waitFor((stanza) => stanza.attrs["id"] === "open", "the room is open", 30_000);
    const texts = Array.from({ length: 7 }, (_, index) => `line ${index + 1}`);
    for (const text of texts)
      await alice.write(`<message to='${room}' type='groupchat' id='${text}'><body>${text}</body></message>`);
    await until(() => alice.texts(`${room}/a`).length === texts.length, "all of it was said", 30_000);

    const said = async (options: Parameters<typeof caller.calls.archiveAll>[1], enough = 100) => {
      const found: (string | undefined)[] = [];
      for await (const { message } of caller.calls.archiveAll(room, options)) {
        if (message.body !== undefined) found.push(message.body);
        if (found.length === enough) break;
      }
      return found;
    };
    assert.deepEqual(await said({ max: 3 }), texts);
    assert.deepEqual(await said({ max: 3, first: "newest" }), texts.toReversed());
    const before = requests();
    assert.deepEqual(await said({ max: 2, first: "newest" }, 2), ["line 7", "line 6"]);
    assert.equal(requests() - before, 1, "what is not wanted is not asked for");

    // One message and the end of the results are two stanzas in one answer; the end alone is one.
    const [last] = (await caller.calls.archive(room, { max: 1, before: "" })).messages;
    assert.equal(last?.message.body, "line 7");
    assert.ok(last?.at && Math.abs(last.at.getTime() - Date.now()) < 3_600_000);
    const none = await caller.calls.archive(room, { after: last?.id });
    assert.deepEqual([none.messages, none.complete], [[], true]);
    assert.deepEqual(await said({ start: new Date(Date.now() + 3_600_000) }), []);
    assert.ok((await caller.calls.archiveFilters(room)).has("start"));
    await assert.rejects(
      said({ text: "line" }),
      (error) => error instanceof StanzaError && error.condition === "feature-not-implemented",
    );
    await assert.rejects(
      said({ after: "nothing" }),
      (error) => error instanceof StanzaError && error.condition === "item-not-found",
    );
    // The room goes with the last who is in it.
    await alice.stop();
  });

  test("an account reads its own archive, and publishes at its own address", async () => {
    const jid = `bob@${people}`;
    await using client = new RestClient({
      url: world.prosody.restUrl(people),
      host: people,
      credentials: accountPassword("bob", PASSWORD),
    });
    await caller.send(jid, "for the archive");
    const kept = async () => {
      const { messages } = await client.query.archive(undefined, { with: callerJid });
      return messages.map(({ message }) => message.body);
    };
    assert.deepEqual(await kept(), ["for the archive"]);
    const mood = client.query.pubsub().node("urn:restanza:weather");
    await mood.publish(el("mood", { xmlns: NS_NEWS }, "fine"), {
      id: "m",
      publishOptions: { "pubsub#access_model": "open" },
    });
    const seen = await caller.calls.pubsub(jid).node(mood.name).item("m");
    assert.equal(seen?.payload?.text, "fine");

    await client.query.blocking.block(["spam.example.com"]);
    assert.deepEqual((await client.query.blocking.list()).map(String), ["spam.example.com"]);
    await client.query.blocking.unblock("all");
    assert.deepEqual(await client.query.blocking.list(), []);

    const { registered, fields } = await client.query.registration(jid);
    assert.deepEqual([registered, fields?.username], [true, "bob"]);
    await client.query.register(jid, { fields: { username: "bob", password: "another" } });
    const changed = await connect(world.prosody, jid, "another");
    await changed.stop();
  });

  test("looks at the picture of somebody who shows it", async () => {
    const jid = `dana@${people}`;
    await world.prosody.register({ jid, password: PASSWORD });
    await using client = new RestClient({
      url: world.prosody.restUrl(people),
      host: people,
      credentials: accountPassword("dana", PASSWORD),
    });
    assert.equal(await caller.calls.avatar(jid), undefined);
    const data = new TextEncoder().encode("not really a picture");
    const id = createHash("sha1").update(data).digest("hex");
    const publish = async (access: string) => {
      const options = { id, publishOptions: { "pubsub#access_model": access } };
      const [images, infos] = [NS_AVATAR_DATA, NS_AVATAR_METADATA].map((node) =>
        client.query.pubsub().node(node),
      );
      await images?.publish(buildAvatarData(data), options);
      const info = { id, bytes: data.length, type: "image/png" };
      await infos?.publish(buildAvatarMetadata([info]), options);
    };
    await publish("presence");
    assert.equal(await caller.calls.avatar(jid), undefined);
    for (const node of [NS_AVATAR_DATA, NS_AVATAR_METADATA])
      await client.query.pubsub().node(node).configure({ "pubsub#access_model": "open" });
    assert.deepEqual(await caller.calls.avatar(jid), { id, type: "image/png", data });
    assert.equal(await caller.calls.avatar(jid, { maxBytes: 5 }), undefined);
  });

  test("keeps a node of publish-subscribe, and is told why something is refused there", async () => {
    const service = caller.calls.pubsub(PUBSUB);
    const node = service.node("kept");
    await node.create({ "pubsub#max_items": "3", "pubsub#title": "Kept" });
    assert.ok((await service.nodes()).some((each) => each.node === "kept"));
    const title = (await node.configuration()).fields.find((field) => field.var === "pubsub#title");
    assert.deepEqual(title?.values, ["Kept"]);
    await node.configure({ "pubsub#title": "Better kept" });
    for (const id of ["a", "b", "c", "d"]) await node.publish(el("n", { xmlns: NS_NEWS }), { id });
    const ids: (string | undefined)[] = [];
    for await (const { id } of node.allItems()) ids.push(id);
    assert.deepEqual(ids, ["b", "c", "d"]);
    assert.deepEqual(
      (await node.items({ last: 1 })).items.map(({ id }) => id),
      ["d"],
    );
    await node.changeAffiliations([[`alice@${people}`, "publisher"]]);
    assert.ok((await node.affiliations()).some(({ affiliation }) => affiliation === "publisher"));
    await node.changeSubscriptions([[`alice@${people}`, "subscribed"]]);
    assert.deepEqual(
      (await node.subscriptions()).map(({ jid, state }) => [jid, state]),
      [[`alice@${people}`, "subscribed"]],
    );
    const reason = (asked: Promise<unknown>) =>
      asked.then(
        () => "nothing",
        (error) =>
          error instanceof StanzaError ? (readPubSubRefusal(error)?.reason ?? error.condition) : error,
      );
    assert.equal(await reason(node.create()), "conflict");
    assert.equal(await reason(node.unsubscribe()), "not-subscribed");
    const options = { publishOptions: { "pubsub#max_items": "99" } };
    assert.equal(await reason(node.publish(el("n", { xmlns: NS_NEWS }), options)), "precondition-not-met");
    assert.equal(await reason(stranger.calls.pubsub(PUBSUB).node("kept").publish()), "forbidden");
    await node.purge();
    assert.deepEqual((await node.items()).items, []);
    await node.delete();
    assert.equal(await reason(node.items()), "item-not-found");
  });

  test("asks more at once than Prosody tracks: the others wait their turn", async () => {
    const answers = await Promise.all(Array.from({ length: 600 }, () => caller.calls.ping(people)));
    assert.equal(answers.length, 600);
  });

  test("slixmpp sees what a bot publishes, and a bot what slixmpp does", async () => {
    const script = new URL("./calls.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    const seen = await runSlixmpp(script, [
      `alice@${people}`,
      PASSWORD,
      port,
      callerJid,
      PUBSUB,
      NS_NEWS,
      NODE_MOOD,
    ]);
    const news = (text: string) => `<news xmlns="${NS_NEWS}">${text}</news>`;
    const expected: Seen[] = [
      { step: "who", said: "Slixmpp 1.2" },
      { step: "published", said: "published n1", node: "news", id: "n1", text: "fresh & new" },
      { step: "items", ids: ["n1", "n2"] },
      { step: "retracted", said: "retracted", id: "n1" },
      { step: "follow", said: "subscribed" },
      { step: "event", said: `${PUBSUB} own: o1 ${news("by slixmpp")}` },
      { step: "event", said: `${PUBSUB} own: retract` },
      { step: "event", said: `${PUBSUB} own: delete` },
      { step: "follow", said: "subscribed" },
      // A person's node tells at once what was published there last.
      { step: "event", said: `alice@${people} tune: t1 ${news("one")}` },
      { step: "event", said: `alice@${people} tune: t2 ${news("two")}` },
      { step: "follow", said: "item-not-found" },
      { step: "contact" },
      { step: "follow", said: "subscribed" },
      { step: "mood", said: "You are merry" },
    ];
    assert.deepEqual(seen, expected);
  });
});
