"""Meets bots in rooms with slixmpp's own plugins; prints what it sees as JSON, a line each."""

import asyncio
import sys

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath
from judge import Judge, run, tell

jid, password, port, bots, service = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
usher, hermit = f"usher@{bots}", f"hermit@{bots}"


class Session(Judge):
    plugins = ("0030", "0045", "0199", "0249")

    def __init__(self):
        super().__init__(jid, password)
        self.seen = []
        self.more = asyncio.Event()
        for event in ("groupchat_presence", "groupchat_subject"):
            self.add_event_handler(event, lambda stanza, event=event: self.see(event, stanza))
        # The event "message" is for those with a body alone.
        every = MatchXPath("{jabber:client}message")
        self.register_handler(Callback("every message", every, lambda stanza: self.see("message", stanza)))

    def see(self, event, stanza):
        self.seen.append((event, stanza))
        self.more.set()

    async def until(self, event, fits, what):
        """The next one that fits; those before it are gone."""
        async def wait():
            while True:
                for index, (name, stanza) in enumerate(self.seen):
                    if name == event and fits(stanza):
                        del self.seen[: index + 1]
                        return stanza
                self.more.clear()
                await self.more.wait()

        try:
            return await asyncio.wait_for(wait(), 30)
        except asyncio.TimeoutError:
            seen = "\n".join(f"{name} {stanza}" for name, stanza in self.seen)
            raise RuntimeError(f"waited in vain for {what}; there were\n{seen}")

    async def occupant(self, room, nick, kind="available"):
        def fits(pr):
            shown = "unavailable" if pr["type"] == "unavailable" else "available"
            return pr["from"] == f"{room}/{nick}" and shown == kind

        return await self.until("groupchat_presence", fits, f"{nick} {kind} in {room}")

    async def enter(self, room, nick):
        self["xep_0045"].join_muc(slixmpp.JID(room), nick)
        pr = await self.occupant(room, nick)
        if 201 in pr["muc"]["status_codes"]:
            await self["xep_0045"].set_room_config(room, self["xep_0004"].make_form(ftype="submit"))

    async def run_steps(self):
        muc = self["xep_0045"]
        self.send_presence()
        await self.get_roster()

        # A direct invitation, and being kicked.
        salon = f"salon@{service}"
        await self.enter(salon, "Slixie")
        self["xep_0249"].send_invitation(usher, salon, reason="come in")
        pr = await self.occupant(salon, "usher")
        tell("direct", affiliation=pr["muc"]["affiliation"], role=pr["muc"]["role"], jid=pr["muc"]["jid"].bare)
        await muc.set_role(salon, "usher", "none", reason="enough")
        gone = await self.occupant(salon, "usher", "unavailable")
        tell("kicked", codes=sorted(gone["muc"]["status_codes"]))

        # A mediated invitation, into a room where somebody has the nickname.
        parlour = f"parlour@{service}"
        await self.enter(parlour, "usher")
        muc.invite(slixmpp.JID(parlour), usher, reason="please")
        await self.occupant(parlour, "usher-2")
        tell("mediated", nick="usher-2")
        self.send_presence(pto=f"{parlour}/Slixie")
        gone = await self.occupant(parlour, "usher-2", "unavailable")
        item = gone.xml.find(".//{http://jabber.org/protocol/muc#user}item")
        tell("renamed", codes=sorted(gone["muc"]["status_codes"]), nick=item.attrib["nick"])
        await self.occupant(parlour, "usher")
        await muc.set_affiliation(parlour, "outcast", jid=usher, reason="out")
        gone = await self.occupant(parlour, "usher", "unavailable")
        tell("banned", codes=sorted(gone["muc"]["status_codes"]))

        # The hermit declines, and says so.
        muc.invite(slixmpp.JID(salon), hermit)
        path = ".//{http://jabber.org/protocol/muc#user}decline"
        declined = await self.until(
            "message", lambda m: m["from"] == salon and m.xml.find(path) is not None, "a decline of the hermit"
        )
        inner = declined.xml.find(path)
        tell("declined", who=slixmpp.JID(inner.attrib["from"]).bare)
        self["xep_0249"].send_invitation(hermit, salon)
        said = await self.until("message", lambda m: m["from"].bare == hermit and m["body"], "the hermit's words")
        tell("refused", body=said["body"], type=said["type"])

        # What the usher does in a room of its own.
        self.send_message(usher, "make", mtype="chat")
        attic = f"attic@{service}"
        await self.until("message", lambda m: m["body"] == "made", "a room made")
        info = await self["xep_0030"].get_info(attic, timeout=30)
        features = info["disco_info"]["features"]
        tell("made", moderated="muc_moderated" in features, members="muc_membersonly" in features, name=[i[3] for i in info["disco_info"]["identities"]])
        muc.join_muc(slixmpp.JID(attic), "Slixie")
        pr = await self.occupant(attic, "Slixie")
        tell("visitor", role=pr["muc"]["role"], affiliation=pr["muc"]["affiliation"])
        for order in ("voice", "mute", "member"):
            self.send_message(usher, order, mtype="chat")
            pr = await self.occupant(attic, "Slixie")
            tell(order, role=pr["muc"]["role"], affiliation=pr["muc"]["affiliation"])
        self.send_message(usher, "subject", mtype="chat")
        subject = await self.until(
            "groupchat_subject", lambda m: m["from"].bare == attic and m["subject"], "a subject"
        )
        tell("subject", subject=subject["subject"])
        self.send_message(attic, "buy now", mtype="groupchat")
        said = await self.until(
            "message", lambda m: m.xml.find("{urn:xmpp:message-retract:1}retract") is not None, "a retraction"
        )
        retract = said.xml.find("{urn:xmpp:message-retract:1}retract")
        tell("moderated", reason=retract.findtext("{urn:xmpp:message-retract:1}reason"),
             by=said["from"] == attic,
             moderated=retract.find("{urn:xmpp:message-moderate:1}moderated") is not None)
        self.send_message(usher, "kick", mtype="chat")
        gone = await self.occupant(attic, "Slixie", "unavailable")
        item = gone.xml.find(".//{http://jabber.org/protocol/muc#user}item")
        reason = item.findtext("{http://jabber.org/protocol/muc#user}reason")
        tell("out", codes=sorted(gone["muc"]["status_codes"]), reason=reason)
        muc.join_muc(slixmpp.JID(attic), "Slixie")
        await self.occupant(attic, "Slixie")
        self.send_message(usher, "ban", mtype="chat")
        gone = await self.occupant(attic, "Slixie", "unavailable")
        tell("outcast", codes=sorted(gone["muc"]["status_codes"]))
        self.send_message(usher, "pardon", mtype="chat")
        await self.until("message", lambda m: m["body"] == "pardoned", "a pardon")
        muc.join_muc(slixmpp.JID(attic), "Slixie")
        await self.occupant(attic, "Slixie")
        self.send_message(usher, "destroy", mtype="chat")
        gone = await self.occupant(attic, "Slixie", "unavailable")
        end = gone.xml.find(".//{http://jabber.org/protocol/muc#user}destroy")
        tell("destroyed", venue=end.attrib["jid"])

        # And one that somebody else destroys.
        self["xep_0249"].send_invitation(usher, salon)
        await self.occupant(salon, "usher")
        await muc.destroy(salon, reason="closing", altroom=parlour)
        tell("over")


run(Session, port)
