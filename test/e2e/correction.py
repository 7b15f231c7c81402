"""Edits a command in slixmpp, and prints as JSON which message its plugin for XEP-0308 takes the new answer to correct."""

import asyncio
import sys

from judge import PATIENCE, Judge, run, tell

jid, password, port, bot, first, second = *sys.argv[1:3], int(sys.argv[3]), *sys.argv[4:7]


class Session(Judge):
    plugins = ("0308",)

    def __init__(self):
        super().__init__(jid, password)
        self.answers = asyncio.Queue()
        self.corrections = asyncio.Queue()
        self.add_event_handler("message", self.hear)
        self.add_event_handler("message_correction", self.corrections.put_nowait)

    def hear(self, message):
        if message["from"].bare == bot and message["body"]:
            self.answers.put_nowait(message)

    async def run_steps(self):
        self.send_presence()
        said = self.make_message(mto=bot, mbody=first, mtype="chat")
        said.send()
        answer = await asyncio.wait_for(self.answers.get(), PATIENCE)
        self["xep_0308"].correct_message(said, second)
        corrected = await asyncio.wait_for(self.corrections.get(), PATIENCE)
        tell(
            "corrected",
            before=answer["body"],
            after=corrected["body"],
            same=corrected["replace"]["id"] == answer["id"],
        )


run(Session, port)
