"""Runs a bot's commands as clients with menus do, slixmpp with its own plugins for XEP-0004, 0030 and 0050; prints what it sees as JSON, a line each."""

import asyncio
import sys

import slixmpp
from slixmpp.plugins.xep_0439.stanza import Response
from judge import PATIENCE, Judge, run, tell

jid, password, port, bots = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
bot = f"waiter@{bots}"
COMMANDS = "http://jabber.org/protocol/commands"


class Session(Judge):
    plugins = ("0004", "0030", "0050", "0122", "0439", "0444")

    def __init__(self):
        super().__init__(jid, password)
        self.answers = asyncio.Queue()
        self.messages = asyncio.Queue()
        self.buttons = asyncio.Queue()
        self.add_event_handler("message", self.messages.put_nowait)
        self.add_event_handler("responses_received", self.buttons.put_nowait)

    async def begin(self, node):
        """Begins by slixmpp's own handling of sessions, which gives each answer to `take`."""
        session = {"next": self.take, "error": self.take}
        self["xep_0050"].start_command(bot, node, session)
        return await self.answered()

    def take(self, iq, session):
        self.answers.put_nowait((iq, session))

    async def answered(self):
        return await asyncio.wait_for(self.answers.get(), PATIENCE)

    def fill(self, session, values):
        form = self["xep_0004"].make_form(ftype="submit")
        for name, value in values.items():
            form.add_field(var=name, value=value)
        session["payload"] = form

    async def go(self, session, direction, values=None):
        session["payload"] = None
        if values is not None:
            self.fill(session, values)
        self["xep_0050"].continue_command(session, direction)
        return await self.answered()

    def look(self, iq):
        command = iq["command"]
        form = command["form"]
        return {
            "status": command["status"],
            "actions": sorted(command["actions"]),
            "notes": [list(note) for note in command["notes"]],
            "fields": {
                name: [field["type"], field["required"], field["value"]]
                for name, field in form.get_fields().items()
            },
        }

    def error(self, iq):
        error = iq["error"]
        own = [child.tag.split("}")[1] for child in error.xml if child.tag.startswith("{" + COMMANDS + "}")]
        return {"type": error["type"], "condition": error["condition"], "own": own}

    async def run_steps(self):
        # Which slixmpp leaves to who uses it, as only they know whether there are buttons.
        self["xep_0030"].add_feature("urn:xmpp:tmp:quick-response")
        self.send_presence()
        await self.get_roster()

        info = await self["xep_0030"].get_info(bot, timeout=PATIENCE)
        items = await self["xep_0050"].get_commands(bot, timeout=PATIENCE)
        listed = {item[1]: item[2] for item in items["disco_items"]["items"]}
        tell(
            "menu",
            feature=COMMANDS in info["disco_info"]["features"],
            node=items["disco_items"]["node"] == COMMANDS,
            order=listed.get("order"),
            secret="vault" in listed,
        )
        about = await self["xep_0030"].get_info(bot, node="order", timeout=PATIENCE)
        tell("command", identity=[list(i[:2]) for i in about["disco_info"]["identities"]])

        iq, session = await self.begin("order")
        form = iq["command"]["form"]
        tell(
            "form",
            **self.look(iq),
            title=form["title"],
            options=[[option["label"], option["value"]] for option in form.get_fields()["kind"]["options"]],
        )
        self.fill(session, {"kind": "hawaii", "count": "12", "hot": True})
        self["xep_0050"].complete_command(session)
        iq, session = await self.answered()
        tell("bad field", **self.look(iq))
        self.fill(session, {"kind": "funghi", "count": "2", "hot": True})
        self["xep_0050"].complete_command(session)
        iq, session = await self.answered()
        tell("ordered", status=iq["command"]["status"], notes=[list(n) for n in iq["command"]["notes"]])

        iq, session = await self.begin("book")
        tell("first", **self.look(iq))
        iq, session = await self.go(session, "next", {"answer": "Verona"})
        tell("second", **self.look(iq))
        iq, session = await self.go(session, "prev")
        tell("back", **self.look(iq))
        iq, session = await self.go(session, "next", {"answer": "Padua"})
        iq, session = await self.go(session, "next", {"answer": "late"})
        tell("booked", status=iq["command"]["status"], notes=[list(n) for n in iq["command"]["notes"]])

        iq, session = await self.begin("book")
        sessionid = session["id"]
        self["xep_0050"].cancel_command(session)
        iq, session = await self.answered()
        tell("canceled", status=iq["command"]["status"])

        iq = await self.refused("book", sessionid)
        tell("expired", **self.error(iq))
        iq = await self.refused("book", "made-up")
        tell("made up", **self.error(iq))
        iq = await self.refused("vault")
        tell("forbidden", **self.error(iq))
        iq = await self.refused("nothing")
        tell("unknown", **self.error(iq))

        iq, session = await self.begin("later")
        message = await asyncio.wait_for(self.messages.get(), PATIENCE)
        tell("later", notes=[list(n) for n in iq["command"]["notes"]], body=message["body"])

        self.send_message(bot, "thirsty", mtype="chat")
        question = await asyncio.wait_for(self.buttons.get(), PATIENCE)
        values = [each["value"] for each in question["substanzas"] if isinstance(each, Response)]
        tell("buttons", body=question["body"], values=values)
        await self.said(question["body"])
        self.send_message(bot, values[1], mtype="chat")
        tell("pressed", body=await self.said())
        self.send_message(bot, "thirsty", mtype="chat")
        question = await asyncio.wait_for(self.buttons.get(), PATIENCE)
        await self.said(question["body"])
        self["xep_0444"].send_reactions(slixmpp.JID(bot), to_id=question["id"], reactions=["1\ufe0f\u20e3"])
        tell("reacted", body=await self.said())

        hosts = await self["xep_0050"].get_commands(bots, timeout=PATIENCE)
        own = {item[1] for item in hosts["disco_items"]["items"] if item[0] == bots}
        iq = await self["xep_0050"].send_command(bots, "help", payload=self["xep_0004"].make_form(ftype="submit"), timeout=PATIENCE)
        tell("host", listed="help" in own, status=iq["command"]["status"])

    async def said(self, wanted=None):
        """The words of the next message that has any, or of the one that is wanted."""
        while True:
            message = await asyncio.wait_for(self.messages.get(), PATIENCE)
            if message["body"] and wanted in (None, message["body"]):
                return message["body"]

    async def refused(self, node, sessionid=None):
        try:
            await self["xep_0050"].send_command(bot, node, sessionid=sessionid, timeout=PATIENCE)
        except slixmpp.exceptions.IqError as error:
            return error.iq
        raise AssertionError(f"{node} was not refused")


run(Session, port)
