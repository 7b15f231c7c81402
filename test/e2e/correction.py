"""Edits a command in slixmpp, and prints as JSON which message its plugin for XEP-0308 takes the new answer to correct."""

import asyncio
import json
import sys

import slixmpp

jid, password, port, bot, first, second = *sys.argv[1:3], int(sys.argv[3]), *sys.argv[4:7]


class Session(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self["feature_mechanisms"].unencrypted_plain = True
        self.register_plugin("xep_0308")
        self.answers = asyncio.Queue()
        self.corrections = asyncio.Queue()
        self.add_event_handler("message", self.hear)
        self.add_event_handler("message_correction", self.corrections.put_nowait)
        self.add_event_handler("session_start", lambda _: asyncio.ensure_future(self.run_steps()))
        self.result = asyncio.get_event_loop().create_future()

    def hear(self, message):
        if message["from"].bare == bot and message["body"]:
            self.answers.put_nowait(message)

    async def run_steps(self):
        try:
            self.send_presence()
            said = self.make_message(mto=bot, mbody=first, mtype="chat")
            said.send()
            answer = await asyncio.wait_for(self.answers.get(), 10)
            self["xep_0308"].correct_message(said, second)
            corrected = await asyncio.wait_for(self.corrections.get(), 10)
            seen = {
                "step": "corrected",
                "before": answer["body"],
                "after": corrected["body"],
                "same": corrected["replace"]["id"] == answer["id"],
            }
        except Exception as error:  # told to the test, which shows it
            seen = {"step": "failed", "error": repr(error)}
        print(json.dumps(seen), flush=True)
        self.result.set_result(None)


async def main():
    session = Session()
    session.enable_direct_tls = False
    session.enable_starttls = False
    session.enable_plaintext = True
    session.connect("127.0.0.1", port)
    await asyncio.wait_for(session.result, 60)
    await session.disconnect()


asyncio.run(main())
