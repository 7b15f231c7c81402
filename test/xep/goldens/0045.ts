import { Jid } from "../../../src/stanza/index.ts";
import {
  type Affiliation,
  buildDecline,
  buildInstantRoom,
  buildJoin,
  buildMediatedInvitation,
  buildOccupant,
  buildRoomChanges,
  buildRoomConfiguration,
  buildRoomDecline,
  buildRoomDestruction,
  buildRoomForm,
  buildRoomFormQuery,
  buildRoomInvitation,
  buildRoomList,
  buildRoomListQuery,
  buildRoomStatuses,
  buildVoiceAnswer,
  buildVoiceForm,
  buildVoiceRequest,
  type Decline,
  type Invitation,
  NS_DATA,
  NS_MUC,
  NS_MUC_ADMIN,
  NS_MUC_OWNER,
  NS_MUC_USER,
  type Occupant,
  type Role,
  type RoomChange,
  type RoomConfiguration,
  type RoomStatus,
  readDataForm,
  readDecline,
  readInvitation,
  readOccupant,
  readRoomConfiguration,
  readRoomEnd,
  readRoomList,
  readRoomStatuses,
  readVoiceRequest,
  type VoiceRequest,
} from "../../../src/xep/index.ts";
import { type Golden, goldens, inElement, inIq, inMessage, inPresence } from "../golden.ts";

const room = Jid.parse("coven@chat.shakespeare.lit");

interface Joining {
  readonly password?: string | undefined;
  readonly history?: number | undefined;
}

function join(title: string, inside: string, value: Joining): Golden {
  return inPresence(
    title,
    `<presence from='hag66@shakespeare.lit/pda' id='n13mt3l' to='${room}/thirdwitch'>
      <x xmlns='${NS_MUC}'>${inside}</x>
    </presence>`,
    value,
    (stanza) => {
      const x = stanza.child("x", NS_MUC);
      const history = x?.child("history")?.attr("maxstanzas");
      return {
        password: x?.childText("password"),
        history: history === undefined ? history : Number(history),
      };
    },
    (joining) => {
      const built = buildJoin(joining);
      // A bot always says how much it wants to be told of what was before.
      return joining.history === undefined ? built.withChildren(...built.childrenNamed("password")) : built;
    },
  );
}

const nobody = {
  room,
  jid: undefined,
  id: undefined,
  self: false,
  departure: undefined,
  newNick: undefined,
  actor: undefined,
  reason: undefined,
  venue: undefined,
} as const;

/** What rooms tell. @param others the statuses beside those that say that it is oneself, or why somebody is gone. */
function occupant(
  title: string,
  attrs: string,
  inside: string,
  value: Partial<Occupant>,
  ...others: RoomStatus[]
): Golden {
  return inPresence(
    title,
    `<presence from='${room}/${value.nick}' ${attrs} to='crone1@shakespeare.lit/desktop'>
      <x xmlns='${NS_MUC_USER}'>${inside}</x>
    </presence>`,
    { ...nobody, affiliation: "none", role: "none", ...value } as Occupant,
    readOccupant,
    (told) => buildOccupant(told, others),
  );
}

function statuses(title: string, xml: string, value: RoomStatus[]): Golden {
  return inMessage(title, xml, value, readRoomStatuses, buildRoomStatuses);
}

function changes(title: string, items: string, value: readonly RoomChange[]): Golden {
  return inIq(
    title,
    `<iq from='fluellen@shakespeare.lit/pda' id='kick1' to='harfleur@chat.shakespeare.lit' type='set'>
      <query xmlns='${NS_MUC_ADMIN}'>${items}</query>
    </iq>`,
    value,
    (iq) =>
      readRoomList(iq)?.map(({ nick, role, jid, affiliation, reason }) =>
        jid === undefined
          ? { nick: nick ?? "", role: role ?? "none", reason }
          : { jid, affiliation: affiliation ?? "none", nick, reason },
      ),
    (all) => buildRoomChanges(...all),
  );
}

function asked(
  title: string,
  item: string,
  value: { readonly affiliation: Affiliation } | { readonly role: Role },
): Golden {
  return inIq(
    title,
    `<iq from='crone1@shakespeare.lit/desktop' id='list' to='${room}' type='get'>
      <query xmlns='${NS_MUC_ADMIN}'>${item}</query>
    </iq>`,
    value,
    (iq) => {
      const [entry] = readRoomList(iq) ?? [];
      const { affiliation, role } = entry ?? {};
      return affiliation === undefined ? { role: role ?? "none" } : { affiliation };
    },
    buildRoomListQuery,
  );
}

function invitation(title: string, xml: string, value: Partial<Invitation>): Golden {
  return inMessage(
    title,
    xml,
    { room, from: undefined, reason: undefined, password: undefined, mediated: true, ...value },
    readInvitation,
    ({ from, ...options }) => buildRoomInvitation(from, options),
  );
}

const voiceless = Jid.parse("hag66@shakespeare.lit/pda");
const hag = Jid.parse("hag66@shakespeare.lit");
const inviting = "Hey Hecate, this is the place for all good witches!";
const kicking = "Avaunt, you cullion!";

export default goldens(
  "0045",
  join("§7.2.5 a room with a password", "<password>cauldronburn</password>", { password: "cauldronburn" }),
  join("§7.2.14 at most so many messages from before", "<history maxstanzas='20'/>", { history: 20 }),
  occupant("§7.2.2 an occupant", "", "<item affiliation='admin' role='moderator'/>", {
    nick: "secondwitch",
    affiliation: "admin",
    role: "moderator",
  }),
  occupant(
    "§7.6 oneself, under a nickname that the room has given",
    "",
    "<item affiliation='member' role='participant' jid='hag66@shakespeare.lit/pda'/><status code='110'/><status code='210'/>",
    {
      nick: "thirdwitch",
      affiliation: "member",
      role: "participant",
      jid: Jid.parse("hag66@shakespeare.lit/pda"),
      self: true,
    },
    "nickname-assigned",
  ),
  occupant(
    "§7.6 another nickname",
    "type='unavailable'",
    "<item affiliation='member' jid='hag66@shakespeare.lit/pda' nick='oldhag' role='participant'/><status code='303'/><status code='110'/>",
    {
      nick: "thirdwitch",
      affiliation: "member",
      role: "participant",
      jid: Jid.parse("hag66@shakespeare.lit/pda"),
      self: true,
      departure: "renamed",
      newNick: "oldhag",
    },
  ),
  occupant(
    "§8.2 kicked, as one is told oneself",
    "type='unavailable'",
    `<item affiliation='none' role='none'><actor nick='Fluellen'/><reason>${kicking}</reason></item><status code='110'/><status code='307'/>`,
    { nick: "pistol", departure: "kicked", self: true, actor: "Fluellen", reason: kicking },
  ),
  occupant(
    "§8.2 kicked, as the others are told",
    "type='unavailable'",
    "<item affiliation='none' role='none'/><status code='307'/>",
    { nick: "pistol", departure: "kicked" },
  ),
  occupant(
    "§9.1 banned",
    "type='unavailable'",
    "<item affiliation='outcast' role='none'><actor nick='The ♚'/><reason>Treason</reason></item><status code='301'/>",
    { nick: "cambridge", affiliation: "outcast", departure: "banned", actor: "The ♚", reason: "Treason" },
  ),
  occupant(
    "§9.4 no member any more, of a room for members",
    "type='unavailable'",
    "<item affiliation='none' role='none'><actor nick='TheBard'/></item><status code='321'/>",
    { nick: "thirdwitch", departure: "affiliation", actor: "TheBard" },
  ),
  occupant(
    "§10.9 destroyed",
    "type='unavailable'",
    `<item affiliation='none' role='none'/><destroy jid='coven@chat.shakespeare.lit'><reason>Macbeth doth come.</reason></destroy>`,
    { nick: "firstwitch", departure: "destroyed", reason: "Macbeth doth come.", venue: room },
  ),
  occupant(
    "§11.1 out of reach of the room",
    "type='unavailable'",
    "<item affiliation='none' role='none'/><status code='333'/>",
    { nick: "pistol", departure: "error" },
  ),
  statuses(
    "§10.2.1 the configuration has changed, so that all is kept",
    `<message from='${room}' id='80349046-F26A-44F3-A7A6-54825064DD9E' to='crone1@shakespeare.lit/desktop' type='groupchat'>
      <x xmlns='${NS_MUC_USER}'><status code='170'/></x>
    </message>`,
    ["logging-on"],
  ),
  invitation(
    "§7.8.2 an invitation that the room passes on",
    `<message from='${room}' id='nzd143v8' to='hecate@shakespeare.lit'>
      <x xmlns='${NS_MUC_USER}'>
        <invite from='crone1@shakespeare.lit/desktop'><reason>${inviting}</reason></invite>
        <password>cauldronburn</password>
      </x>
    </message>`,
    { from: Jid.parse("crone1@shakespeare.lit/desktop"), reason: inviting, password: "cauldronburn" },
  ),
  inMessage(
    "§7.8.2 an invitation on its way to the room",
    `<message from='crone1@shakespeare.lit/desktop' id='nzd143v8' to='${room}'>
      <x xmlns='${NS_MUC_USER}'>
        <invite to='hecate@shakespeare.lit'><reason>${inviting}</reason></invite>
      </x>
    </message>`,
    { to: "hecate@shakespeare.lit", reason: inviting },
    (message) => {
      const invite = message.child("x", NS_MUC_USER)?.child("invite");
      return { to: invite?.attr("to") ?? "", reason: invite?.childText("reason") ?? "" };
    },
    ({ to, reason }) => buildMediatedInvitation(Jid.parse(to), reason),
  ),
  inMessage<Decline>(
    "§7.8.2 that somebody does not come, from the room",
    `<message from='${room}' id='jk2vs61v' to='crone1@shakespeare.lit/desktop'>
      <x xmlns='${NS_MUC_USER}'>
        <decline from='hecate@shakespeare.lit'><reason>Sorry, I&apos;m too busy right now.</reason></decline>
      </x>
    </message>`,
    { room, from: Jid.parse("hecate@shakespeare.lit"), reason: "Sorry, I'm too busy right now." },
    readDecline,
    ({ from, reason }) => buildRoomDecline(from, reason),
  ),
  inMessage(
    "§7.8.2 that one does not come",
    `<message from='hecate@shakespeare.lit/broom' id='jk2vs61v' to='${room}'>
      <x xmlns='${NS_MUC_USER}'>
        <decline to='crone1@shakespeare.lit'><reason>Sorry, I&apos;m too busy right now.</reason></decline>
      </x>
    </message>`,
    { to: "crone1@shakespeare.lit", reason: "Sorry, I'm too busy right now." },
    (message) => {
      const decline = message.child("x", NS_MUC_USER)?.child("decline");
      return { to: decline?.attr("to") ?? "", reason: decline?.childText("reason") ?? "" };
    },
    ({ to, reason }) => buildDecline(Jid.parse(to), reason),
  ),
  inMessage(
    "§7.13 a request for voice",
    `<message from='hag66@shakespeare.lit/pda' id='yd53c486' to='${room}'>
      <x xmlns='${NS_DATA}' type='submit'>
        <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field>
        <field var='muc#role' type='list-single' label='Requested role'><value>participant</value></field>
      </x>
    </message>`,
    "participant",
    (message) => message.child("x", NS_DATA)?.childrenNamed("field")[1]?.childText("value"),
    buildVoiceRequest,
  ),
  inMessage<VoiceRequest>(
    "§8.6 a request for voice, as a moderator is told of it",
    `<message from='${room}' id='approve' to='crone1@shakespeare.lit/pda'>
      <x xmlns='${NS_DATA}' type='form'>
        <title>Voice request</title>
        <instructions>To approve this request for voice, select the "Grant voice to this person?" checkbox and click OK. To skip this request, click the cancel button.</instructions>
        <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#request</value></field>
        <field var='muc#role' type='list-single' label='Requested role'><value>participant</value></field>
        <field var='muc#jid' type='jid-single' label='User ID'><value>hag66@shakespeare.lit/pda</value></field>
        <field var='muc#roomnick' type='text-single' label='Room Nickname'><value>thirdwitch</value></field>
        <field var='muc#request_allow' type='boolean' label='Grant voice to this person?'><value>false</value></field>
      </x>
    </message>`,
    { role: "participant", jid: Jid.parse("hag66@shakespeare.lit/pda"), nick: "thirdwitch" },
    readVoiceRequest,
    buildVoiceForm,
  ),
  inMessage(
    "§8.6 voice is granted",
    `<message from='crone1@shakespeare.lit/pda' id='approve' to='${room}'>
      <x xmlns='${NS_DATA}' type='submit'>
        <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#request</value></field>
        <field var='muc#role'><value>participant</value></field>
        <field var='muc#jid'><value>hag66@shakespeare.lit/pda</value></field>
        <field var='muc#roomnick'><value>thirdwitch</value></field>
        <field var='muc#request_allow'><value>true</value></field>
      </x>
    </message>`,
    "true",
    (message) => message.child("x", NS_DATA)?.childrenNamed("field").at(-1)?.childText("value"),
    (allow) =>
      buildVoiceAnswer({ role: "participant", jid: voiceless, nick: "thirdwitch" }, allow === "true"),
  ),
  changes("§8.2 a kick", `<item nick='pistol' role='none'><reason>${kicking}</reason></item>`, [
    { nick: "pistol", role: "none", reason: kicking },
  ]),
  changes("§8.3 voice", "<item nick='thirdwitch' role='participant'/>", [
    { nick: "thirdwitch", role: "participant" },
  ]),
  changes(
    "§8.4 no voice any more",
    "<item nick='thirdwitch' role='visitor'><reason>Not so worthy after all!</reason></item>",
    [{ nick: "thirdwitch", role: "visitor", reason: "Not so worthy after all!" }],
  ),
  changes(
    "§9.2 two bans",
    "<item affiliation='outcast' jid='lordscroop@shakespeare.lit'><reason>Treason</reason></item><item affiliation='outcast' jid='sirthomasgrey@shakespeare.lit'><reason>Treason</reason></item>",
    [
      { jid: Jid.parse("lordscroop@shakespeare.lit"), affiliation: "outcast", reason: "Treason" },
      { jid: Jid.parse("sirthomasgrey@shakespeare.lit"), affiliation: "outcast", reason: "Treason" },
    ],
  ),
  changes(
    "§9.3 a member with a nickname of their own",
    "<item affiliation='member' jid='hag66@shakespeare.lit' nick='thirdwitch'/>",
    [{ jid: hag, affiliation: "member", nick: "thirdwitch" }],
  ),
  changes("§9.4 no member any more", "<item affiliation='none' jid='hag66@shakespeare.lit'/>", [
    { jid: hag, affiliation: "none" },
  ]),
  asked("§9.5 the members, to be listed", "<item affiliation='member'/>", { affiliation: "member" }),
  asked("§8.5 who has voice, to be listed", "<item role='participant'/>", { role: "participant" }),
  inIq(
    "§9.5 the members",
    `<iq from='${room}' id='member3' to='crone1@shakespeare.lit/desktop' type='result'>
      <query xmlns='${NS_MUC_ADMIN}'>
        <item affiliation='member' jid='hag66@shakespeare.lit' nick='thirdwitch' role='participant'/>
      </query>
    </iq>`,
    [
      {
        affiliation: "member" as const,
        role: "participant" as const,
        jid: hag,
        nick: "thirdwitch",
        reason: undefined,
      },
    ],
    readRoomList,
    buildRoomList,
  ),
  inElement(
    "§10.1.2 a room as its service makes it",
    `<query xmlns='${NS_MUC_OWNER}'><x xmlns='${NS_DATA}' type='submit'/></query>`,
    "submit",
    (query) => query.child("x", NS_DATA)?.attr("type"),
    buildInstantRoom,
  ),
  inElement(
    "§10.2 the form of a room, to be sent",
    `<query xmlns='${NS_MUC_OWNER}'/>`,
    0,
    (query) => query.children.length,
    buildRoomFormQuery,
  ),
  inElement<Partial<RoomConfiguration>>(
    "§10.1.3 the form of a room, filled in",
    `<query xmlns='${NS_MUC_OWNER}'>
      <x xmlns='${NS_DATA}' type='submit'>
        <field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
        <field var='muc#roomconfig_roomname'><value>A Dark Cave</value></field>
        <field var='muc#roomconfig_roomdesc'><value>The place for all good witches!</value></field>
        <field var='muc#roomconfig_enablelogging'><value>0</value></field>
        <field var='muc#roomconfig_changesubject'><value>1</value></field>
        <field var='muc#roomconfig_allowinvites'><value>0</value></field>
        <field var='muc#roomconfig_allowpm'><value>anyone</value></field>
        <field var='muc#roomconfig_maxusers'><value>10</value></field>
        <field var='muc#roomconfig_publicroom'><value>0</value></field>
        <field var='muc#roomconfig_persistentroom'><value>0</value></field>
        <field var='muc#roomconfig_moderatedroom'><value>0</value></field>
        <field var='muc#roomconfig_membersonly'><value>0</value></field>
        <field var='muc#roomconfig_passwordprotectedroom'><value>1</value></field>
        <field var='muc#roomconfig_roomsecret'><value>cauldronburn</value></field>
        <field var='muc#roomconfig_whois'><value>moderators</value></field>
        <field var='muc#maxhistoryfetch'><value>50</value></field>
        <field var='muc#roomconfig_roomadmins'>
          <value>wiccarocks@shakespeare.lit</value>
          <value>hecate@shakespeare.lit</value>
        </field>
      </x>
    </query>`,
    {
      name: "A Dark Cave",
      description: "The place for all good witches!",
      logging: false,
      changeSubject: true,
      allowInvites: false,
      maxOccupants: 10,
      public: false,
      persistent: false,
      moderated: false,
      membersOnly: false,
      password: "cauldronburn",
      whois: "moderators",
      history: 50,
    },
    (query) => {
      const x = query.child("x", NS_DATA);
      return x && readRoomConfiguration(readDataForm(x));
    },
    (configuration) =>
      buildRoomForm(
        buildRoomConfiguration(configuration, {
          "muc#roomconfig_allowpm": "anyone",
          "muc#roomconfig_roomadmins": ["wiccarocks@shakespeare.lit", "hecate@shakespeare.lit"],
        }),
      ),
  ),
  inElement(
    "§10.9 an end, with another place to go",
    `<query xmlns='${NS_MUC_OWNER}'>
      <destroy jid='coven@chat.shakespeare.lit'><reason>Macbeth doth come.</reason></destroy>
    </query>`,
    { venue: room, password: undefined, reason: "Macbeth doth come." },
    (query) => {
      const destroy = query.child("destroy");
      return destroy && readRoomEnd(destroy);
    },
    buildRoomDestruction,
  ),
);
