"""What can be done with messages, both ways, with slixmpp's own plugins; prints what it sees as JSON, a line each."""

import asyncio
import sys

import slixmpp
from slixmpp.xmlstream import ET
from judge import Judge, run, tell

jid, password, port, bot, room = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], slixmpp.JID(sys.argv[5])
json_bot = sys.argv[6]

EVENTS = {
    "chatstate_active": "active",
    "reactions": "reactions",
    "message_reply": "reply",
    "message_retract": "retract",
    "marker_displayed": "displayed",
    "message_correction": "correction",
}
OMEMO = """<encrypted xmlns='eu.siacs.conversations.axolotl'>
  <header sid='1'><key rid='2'>YQ==</key><iv>YQ==</iv></header>%s</encrypted>"""


class Session(Judge):
    plugins = ("0030", "0045", "0085", "0184", "0308", "0333", "0334", "0359", "0380", "0424", "0428", "0444", "0461")

    def __init__(self):
        super().__init__(jid, password)
        self.queues = {name: asyncio.Queue() for name in (*EVENTS.values(), "words")}
        for event, name in EVENTS.items():
            self.add_event_handler(event, self.queues[name].put_nowait)
        self.add_event_handler("message", self.hear)

    def hear(self, message):
        if message["body"]:
            self.queues["words"].put_nowait(message)

    async def next(self, name, matches=lambda message: True):
        """The next message of a kind that somebody else has sent."""
        while True:
            message = await asyncio.wait_for(self.queues[name].get(), 30)
            if message["from"].resource != "Slixie" and matches(message):
                return message

    async def says(self, matches):
        return await self.next("words", lambda message: matches in message["body"])

    def say(self, body, to=bot, mtype="chat"):
        message = self.make_message(mto=to, mbody=body, mtype=mtype)
        message.send()
        return message

    async def run_steps(self):
        self.send_presence()
        await self.get_roster()
        await self.at_home()
        await self.from_here()
        await self.encrypted()
        await self.in_room()

    async def at_home(self):
        """What the bot does with what this client says."""
        said = self.make_message(mto=bot, mbody="hello", mtype="chat")
        said["chat_state"] = "active"
        said.send()
        tell("chat state", body=(await self.next("active"))["body"])

        said = self.say("react")
        felt = (await self.next("reactions"))["reactions"]
        tell("reaction", emojis=sorted(felt.get_values()), same=felt["id"] == said["id"])
        self.say("unreact")
        tell("no reaction", emojis=sorted((await self.next("reactions"))["reactions"].get_values()))

        said = self.say("quote 😀\nme")
        answer = await self.next("reply")
        tell(
            "reply",
            same=answer["reply"]["id"] == said["id"],
            to=answer["reply"]["to"] == self.boundjid,
            body=answer["body"],
            stripped=answer["reply"].strip_fallback_content(),
        )

        said = self.make_message(mto=bot, mbody="read", mtype="chat")
        said.enable("markable")
        said.send()
        tell("displayed", same=(await self.next("displayed"))["displayed"]["id"] == said["id"])

        self.say("slip")
        slip = await self.says("a slip")
        right = await self.next("correction")
        tell("correction", same=right["replace"]["id"] == slip["id"], body=right["body"])
        self.say("back")
        tell("retraction", same=(await self.next("retract"))["retract"]["id"] == slip["id"])

    async def from_here(self):
        """What the bot sees of what this client does."""
        self.say("track")
        it = await self.next("words", lambda message: message["body"] == "tracked")
        arrived = await self.says("arrived ")
        tell("receipt", same=arrived["body"] == f"arrived {it['id']}")
        self["xep_0333"].send_marker(it["from"], it["id"], "displayed")
        tell("marker", same=(await self.says("read "))["body"] == f"read {it['id']}")

        self["xep_0444"].send_reactions(slixmpp.JID(bot), it["id"], ["❤️"])
        tell("reacted", same=(await self.says("felt "))["body"] == f"felt ❤️ about {it['id']}")
        self["xep_0461"].send_reply(
            bot, it["id"], fallback="tracked", quoted_nick="😀 scribe", mto=bot, mbody="indeed", mtype="chat"
        )
        tell("replied", same=(await self.says("to "))["body"] == f"to {it['id']}: indeed")
        said = self.say("helo")
        right = self["xep_0308"].build_correction(said["id"], mto=bot, mbody="good evening", mtype="chat")
        right.send()
        tell("corrected", same=(await self.says("corrected "))["body"] == f"corrected {said['id']}: good evening")
        self["xep_0424"].send_retraction(slixmpp.JID(bot), said["id"])
        tell("retracted", same=(await self.says("forgot "))["body"] == f"forgot {said['id']}")

    async def encrypted(self):
        """Three messages that the bot cannot read, of which one says nothing: one explanation."""
        for payload in ("", "<payload>YQ==</payload>", "<payload>YQ==</payload>"):
            message = self.make_message(mto=bot, mtype="chat", mbody="I sent you an OMEMO encrypted message.")
            message.append(ET.fromstring(OMEMO % payload))
            self["xep_0380"].add_eme(message, "eu.siacs.conversations.axolotl")
            message.send()
        self.say("hello")
        said = []
        while not said or said[-1] != "hello yourself":
            said.append((await self.next("words"))["body"])
        tell("encrypted", said=said)

        # To a bot that gets JSON, in which nothing is left of what is encrypted but that it is.
        message = self.make_message(mto=json_bot, mtype="chat", mbody="I sent you an OMEMO encrypted message.")
        message.append(ET.fromstring(OMEMO % "<payload>YQ==</payload>"))
        self["xep_0380"].add_eme(message, "eu.siacs.conversations.axolotl")
        message.send()
        tell("encrypted, in JSON", said=(await self.says("encrypted"))["body"])

    async def in_room(self):
        joined = self.wait_until(f"muc::{room}::groupchat_subject", timeout=30)
        joining = asyncio.ensure_future(self["xep_0045"].join_muc_wait(room, "Slixie", timeout=30))
        await joined
        joining.cancel()

        async def said(body):
            """What the room makes of something: with an id of the room's own."""
            self.say(body, room, "groupchat")
            while True:
                message = await asyncio.wait_for(self.queues["words"].get(), 30)
                if message["from"].resource == "Slixie" and message["body"] == body:
                    return message["stanza_id"]["id"]

        given = await said("react")
        felt = await self.next("reactions")
        tell("room reaction", type=felt["type"], same=felt["reactions"]["id"] == given)
        given = await said("quote")
        answer = await self.next("reply")
        tell("room reply", same=answer["reply"]["id"] == given, stripped=answer["reply"].strip_fallback_content())
        await said("slip")
        slip = await self.says("a slip")
        right = await self.next("correction")
        tell("room correction", type=right["type"], same=right["replace"]["id"] == slip["id"])
        self.say("back", room, "groupchat")
        back = await self.next("retract")
        tell("room retraction", type=back["type"], same=back["retract"]["id"] == slip["stanza_id"]["id"])

        message = self.make_message(mto=room, mtype="groupchat", mbody="?OTR:AAMD.")
        message.send()
        self.say("hello", room, "groupchat")
        said = []
        while not said or said[-1] != "hello yourself":
            said.append((await self.next("words"))["body"])
        tell("room encrypted", said=[each for each in said if "encrypted" in each])


run(Session, port)
