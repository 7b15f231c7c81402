"""Publishes, subscribes and is asked, by slixmpp's own plugins; prints what it sees as JSON, a line each."""

import asyncio
import sys
import xml.etree.ElementTree as ET
from judge import Judge, run, tell


jid, password, port, caller, pubsub, news, mood = *sys.argv[1:3], int(sys.argv[3]), *sys.argv[4:8]


def item(text):
    payload = ET.Element("{%s}news" % news)
    payload.text = text
    return payload


class Session(Judge):
    plugins = ("0004", "0030", "0060", "0163")

    def __init__(self):
        super().__init__(jid, password)
        self.register_plugin("xep_0092", {"software_name": "Slixmpp", "version": "1.2"})
        self.said = asyncio.Queue()
        self.published = asyncio.Queue()
        self.retracted = asyncio.Queue()
        self.add_event_handler("message", self.hear)
        self.add_event_handler("pubsub_publish", self.published.put_nowait)
        self.add_event_handler("pubsub_retract", self.retracted.put_nowait)

    def hear(self, message):
        if message["from"].bare == caller and message["body"]:
            self.said.put_nowait(message["body"])

    async def ask(self, text):
        self.send_message(caller, text, mtype="chat")
        return await self.heard()

    async def heard(self):
        return await asyncio.wait_for(self.said.get(), 30)

    async def run_steps(self):
        self.send_presence()
        await self.get_roster()
        nodes = self["xep_0060"]
        tell("who", said=await self.ask("who am i?"))

        await nodes.subscribe(pubsub, "news", timeout=30)
        said = await self.ask("publish n1 fresh & new")
        event = (await asyncio.wait_for(self.published.get(), 30))["pubsub_event"]["items"]
        got = event["item"]
        tell("published", said=said, node=event["node"], id=got["id"], text=got["payload"].text)

        await self.ask("publish n2 older")
        items = await nodes.get_items(pubsub, "news", timeout=30)
        tell("items", ids=[each["id"] for each in items["pubsub"]["items"]])

        said = await self.ask("retract n1")
        event = (await asyncio.wait_for(self.retracted.get(), 30))["pubsub_event"]["items"]
        tell("retracted", said=said, id=event["retract"]["id"])

        tell("follow", said=await self.ask(f"follow {pubsub} own"))
        await nodes.publish(pubsub, "own", id="o1", payload=item("by slixmpp"), timeout=30)
        tell("event", said=await self.heard())
        await nodes.retract(pubsub, "own", "o1", notify=True, timeout=30)
        tell("event", said=await self.heard())
        await nodes.delete_node(pubsub, "own", timeout=30)
        tell("event", said=await self.heard())

        mine = self.boundjid.bare
        open_to_all = self["xep_0004"].make_form(ftype="submit")
        open_to_all.add_field("FORM_TYPE", "hidden", value="http://jabber.org/protocol/pubsub#publish-options")
        open_to_all.add_field("pubsub#access_model", value="open")
        await nodes.publish(mine, "tune", id="t1", payload=item("one"), options=open_to_all, timeout=30)
        tell("follow", said=await self.ask(f"follow {mine} tune"))
        tell("event", said=await self.heard())
        await nodes.publish(mine, "tune", id="t2", payload=item("two"), timeout=30)
        tell("event", said=await self.heard())
        tell("follow", said=await self.ask(f"follow {pubsub} nowhere"))

        self.send_presence(pto=caller, ptype="subscribe")
        while not self.client_roster[caller]["subscription"] == "both":
            await asyncio.sleep(0.01)
        tell("contact")
        # For contacts alone, as nodes of people are unless they say otherwise.
        await nodes.publish(mine, mood, id="m1", payload=item("merry"), timeout=30)
        tell("follow", said=await self.ask(f"follow {mine} {mood}"))
        tell("mood", said=await self.heard())


run(Session, port)
