import type { Element } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildDataForm,
  buildDiscoInfo,
  buildModeratedRetraction,
  buildRoomForm,
  buildRoomList,
  buildRoomStatuses,
  formValues,
  NS_DATA,
  NS_DISCO_INFO,
  NS_MODERATION,
  NS_MUC,
  NS_MUC_ADMIN,
  NS_MUC_OWNER,
  NS_SELF_PING,
  ROOM_CONFIG_FORM,
  type Role,
  type RoomEntryInit,
  type RoomStatus,
  readDataForm,
  readRoomEnd,
} from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply, errorReply } from "./answers.ts";
import type { MucRoom } from "./muc-room.ts";
import type { MucConfiguration } from "./muc-room-options.ts";
import type { Origin } from "./network.ts";

const AFFILIATIONS: readonly Affiliation[] = ["outcast", "none", "member", "admin", "owner"];
const ROLES: readonly Role[] = ["none", "visitor", "participant", "moderator"];

/** The fields of a room's form that this one knows. */
const FIELDS: Readonly<Record<keyof MucConfiguration, { readonly name: string; readonly yes?: string }>> = {
  name: { name: "muc#roomconfig_roomname" },
  password: { name: "muc#roomconfig_roomsecret" },
  membersOnly: { name: "muc#roomconfig_membersonly", yes: "1" },
  moderated: { name: "muc#roomconfig_moderatedroom", yes: "1" },
  nonAnonymous: { name: "muc#roomconfig_whois", yes: "anyone" },
  changeSubject: { name: "muc#roomconfig_changesubject", yes: "1" },
};

/** Answers what moderators, admins and owners ask a room (XEP-0045 §8 to §10), and what it is (§6.4); `false` where it is nothing of that. */
export function answerMucQuery(room: MucRoom, stanza: Element, origin: Origin): boolean {
  const payload = stanza.elements[0];
  const isSet = stanza.attr("type") === "set";
  if (payload?.is("query", NS_MUC_ADMIN)) {
    const item = payload.child("item");
    if (item === undefined) origin.send(errorReply(stanza, "cancel", "bad-request"));
    else origin.send(isSet ? change(room, stanza, item) : list(room, stanza, item));
    return true;
  }
  if (payload?.is("query", NS_MUC_OWNER)) {
    origin.send(own(room, stanza, payload, isSet));
    return true;
  }
  if (payload?.is("moderate", NS_MODERATION) && isSet) {
    origin.send(moderate(room, stanza, payload));
    return true;
  }
  if (!isSet && payload?.is("query", NS_DISCO_INFO)) {
    origin.send(emptyReply(stanza).withChildren(info(room)));
    return true;
  }
  return false;
}

function change(room: MucRoom, stanza: Element, item: Element): Element {
  const actor = stanza.attr("from") ?? "";
  const nick = item.attr("nick");
  const jid =
    item.attr("jid") ?? room.occupants.find(({ nickJid }) => nickJid === `${room.jid}/${nick}`)?.realJid;
  const affiliation = AFFILIATIONS.find((known) => known === item.attr("affiliation"));
  const role = ROLES.find((known) => known === item.attr("role"));
  const by = { actor: nickOf(room, actor), reason: item.childText("reason") };
  if (affiliation !== undefined && role === undefined && jid !== undefined) {
    const problem = barsAffiliation(room, actor, bareOf(jid), affiliation);
    if (problem !== undefined) return errorReply(stanza, "cancel", problem);
    room.affiliate(bareOf(jid), affiliation, by);
    return emptyReply(stanza);
  }
  if (role === undefined || nick === undefined || affiliation !== undefined)
    return errorReply(stanza, "cancel", "bad-request");
  const occupant = room.occupants.find(({ nickJid }) => nickJid === `${room.jid}/${nick}`);
  if (occupant === undefined) return errorReply(stanza, "modify", "item-not-found");
  const isAllowed =
    room.roleOf(actor) === "moderator" &&
    rank(AFFILIATIONS, occupant.affiliation) <= rank(AFFILIATIONS, room.affiliationOf(actor)) &&
    (role !== "moderator" || rank(AFFILIATIONS, room.affiliationOf(actor)) >= rank(AFFILIATIONS, "admin"));
  if (!isAllowed) return errorReply(stanza, "cancel", "not-allowed");
  room.setRole(nick, role, by);
  return emptyReply(stanza);
}

/** Why somebody may not change what another is to the room. */
function barsAffiliation(
  room: MucRoom,
  actor: string,
  whom: string,
  affiliation: Affiliation,
): "conflict" | "not-allowed" | undefined {
  const before = room.affiliationOf(whom);
  const actors = room.affiliationOf(actor);
  if (actors === "owner") {
    const owners = [...room.affiliations].filter(([, each]) => each === "owner");
    const isLast = owners.length === 1 && bareOf(actor) === whom && affiliation !== "owner";
    return isLast ? "conflict" : undefined;
  }
  const touchesHigher = [before, affiliation].some((each) => each === "owner" || each === "admin");
  return actors !== "admin" || touchesHigher ? "not-allowed" : undefined;
}

function list(room: MucRoom, stanza: Element, item: Element): Element {
  const actor = stanza.attr("from") ?? "";
  const affiliation = AFFILIATIONS.find((known) => known === item.attr("affiliation"));
  const role = ROLES.find((known) => known === item.attr("role"));
  const entries: RoomEntryInit[] = [];
  if (affiliation !== undefined && role === undefined) {
    const own = rank(AFFILIATIONS, room.affiliationOf(actor));
    if (own < rank(AFFILIATIONS, "admin") || own < rank(AFFILIATIONS, affiliation))
      return errorReply(stanza, "auth", "forbidden");
    for (const [jid, each] of room.affiliations) if (each === affiliation) entries.push({ affiliation, jid });
  } else if (role !== undefined && affiliation === undefined) {
    if (room.roleOf(actor) !== "moderator") return errorReply(stanza, "auth", "forbidden");
    for (const each of room.occupants)
      if (each.role === role)
        entries.push({
          affiliation: each.affiliation,
          role,
          jid: each.realJid,
          nick: each.nickJid.slice(room.jid.length + 1),
        });
  } else return errorReply(stanza, "cancel", "bad-request");
  return emptyReply(stanza).withChildren(buildRoomList(entries));
}

function own(room: MucRoom, stanza: Element, query: Element, isSet: boolean): Element {
  if (room.affiliationOf(stanza.attr("from") ?? "") !== "owner")
    return errorReply(stanza, "auth", "forbidden", "Only owners can configure rooms");
  if (!isSet) return emptyReply(stanza).withChildren(buildRoomForm(formOf(room)));
  const destroy = query.child("destroy");
  if (destroy !== undefined) {
    room.destroy(readRoomEnd(destroy));
    return emptyReply(stanza);
  }
  const x = query.child("x", NS_DATA);
  if (x === undefined) return errorReply(stanza, "modify", "bad-request");
  const form = readDataForm(x);
  if (form.type === "submit" && form.fields.length > 0) {
    if (form.formType !== ROOM_CONFIG_FORM)
      return errorReply(stanza, "cancel", "bad-request", "Form is not of type room configuration");
    const statuses = configure(room, formValues(form));
    if (statuses.length > 0) room.say(buildRoomStatuses(statuses));
  }
  return emptyReply(stanza);
}

/** Configures a room; gives what everybody in it is told of that (§10.2.1). */
function configure(
  { configuration }: MucRoom,
  values: ReadonlyMap<string, readonly string[]>,
): readonly RoomStatus[] {
  const before = { ...configuration };
  for (const [key, { name, yes }] of Object.entries(FIELDS)) {
    const given = values.get(name)?.[0];
    if (given === undefined) continue;
    const isYes = given === yes || (yes === "1" && given === "true");
    Object.assign(configuration, { [key]: yes === undefined ? given : isYes });
  }
  const changed = (Object.keys(FIELDS) as (keyof MucConfiguration)[]).filter(
    (key) => before[key] !== configuration[key],
  );
  const whois = configuration.nonAnonymous ? "now-non-anonymous" : "now-semi-anonymous";
  return [...new Set(changed.map((key) => (key === "nonAnonymous" ? whois : "configuration-changed")))];
}

function formOf({ jid, configuration }: MucRoom): Element {
  const { name, password, membersOnly, moderated, nonAnonymous, changeSubject } = configuration;
  const flag = (is: boolean): string[] => [is ? "1" : "0"];
  return buildDataForm({
    title: `Configuration for ${jid}`,
    instructions: "Complete and submit this form to configure the room.",
    formType: ROOM_CONFIG_FORM,
    fields: [
      { var: FIELDS.name.name, type: "text-single", label: "Title", values: [name] },
      { var: FIELDS.password.name, type: "text-private", label: "Password", values: [password] },
      { var: FIELDS.membersOnly.name, type: "boolean", values: flag(membersOnly) },
      { var: FIELDS.moderated.name, type: "boolean", values: flag(moderated) },
      { var: FIELDS.changeSubject.name, type: "boolean", values: flag(changeSubject) },
      {
        var: FIELDS.nonAnonymous.name,
        type: "list-single",
        values: [nonAnonymous ? "anyone" : "moderators"],
        options: [{ value: "moderators" }, { value: "anyone" }],
      },
    ],
  });
}

function moderate(room: MucRoom, stanza: Element, moderation: Element): Element {
  if (room.roleOf(stanza.attr("from") ?? "") !== "moderator")
    return errorReply(stanza, "auth", "forbidden", "You need a role of at least 'moderator'");
  room.say(
    buildModeratedRetraction({
      id: moderation.attr("id") ?? "",
      reason: moderation.childText("reason"),
    }),
  );
  return emptyReply(stanza);
}

function info({ configuration }: MucRoom): Element {
  const { name, moderated, membersOnly, password, nonAnonymous } = configuration;
  const features = [
    NS_MUC,
    NS_SELF_PING,
    moderated ? "muc_moderated" : "muc_unmoderated",
    membersOnly ? "muc_membersonly" : "muc_open",
    password === "" ? "muc_unsecured" : "muc_passwordprotected",
    nonAnonymous ? "muc_nonanonymous" : "muc_semianonymous",
  ];
  return buildDiscoInfo([{ category: "conference", type: "text", name }], features);
}

function nickOf(room: MucRoom, jid: string): string | undefined {
  const nickJid = room.occupants.find(({ realJid }) => realJid === jid)?.nickJid;
  return nickJid?.slice(room.jid.length + 1);
}

function rank<T>(order: readonly T[], value: T): number {
  return order.indexOf(value);
}
