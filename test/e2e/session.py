"""A session of an ordinary client, slixmpp with its own plugins; prints what it sees as JSON, a line each."""

import asyncio
import sys

import slixmpp
from judge import PATIENCE, Judge, run, tell

jid, password, port, bots = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
room = slixmpp.JID(sys.argv[5])


class Session(Judge):
    plugins = ("0030", "0045", "0085", "0184", "0199")

    def __init__(self):
        super().__init__(jid, password)
        self["xep_0184"].auto_request = True
        self.messages = asyncio.Queue()
        self.receipts = asyncio.Queue()
        self.add_event_handler("message", self.messages.put_nowait)
        self.add_event_handler("receipt_received", self.receipts.put_nowait)

    async def next_message(self, sender):
        while True:
            message = await asyncio.wait_for(self.messages.get(), PATIENCE)
            if message["from"].bare == sender and message["body"]:
                return message

    async def run_steps(self):
        self.send_presence()
        await self.get_roster()
        echo = f"echo@{bots}"

        self.send_message(echo, "hello from slixmpp", mtype="chat")
        reply = await self.next_message(echo)
        receipt = await asyncio.wait_for(self.receipts.get(), PATIENCE)
        tell("echo", body=reply["body"], type=reply["type"], receipt=bool(receipt["receipt"]))

        self.send_message(echo, "wait 0.5 late", mtype="chat")
        tell("late", body=(await self.next_message(echo))["body"])

        tell("ping", seconds=await self["xep_0199"].ping(echo, timeout=PATIENCE) >= 0)

        info = await self["xep_0030"].get_info(echo, timeout=PATIENCE)
        tell("info", identities=sorted(list(i[:2]) for i in info["disco_info"]["identities"]))

        items = await self["xep_0030"].get_items(bots, timeout=PATIENCE)
        # Beside the bots there is the menu of the one at the domain, which is a node.
        tell("items", items=sorted(str(i[0]) for i in items["disco_items"]["items"] if not i[1]))

        try:
            await self["xep_0030"].get_info(f"nobody@{bots}", timeout=PATIENCE)
        except slixmpp.exceptions.IqError as error:
            tell("nobody", condition=error.condition, type=error.etype)

        self.send_presence(pto=echo, ptype="subscribe")
        while not self.client_roster[echo]["subscription"] == "to":
            await asyncio.sleep(0.01)
        tell("subscribed")

        # Joined once the room has told its subject, which comes last (XEP-0045 §7.2.1).
        joined = self.wait_until(f"muc::{room}::groupchat_subject", timeout=PATIENCE)
        joining = asyncio.ensure_future(self["xep_0045"].join_muc_wait(room, "Slixie", timeout=PATIENCE))
        await joined
        joining.cancel()
        self.send_message(room, "hello, Polly", mtype="groupchat")
        while True:
            message = await self.next_message(room.bare)
            if message["from"].resource == "Polly":
                break
        tell("room", body=message["body"], type=message["type"])


run(Session, port)
