"""Receives and sends files with slixmpp's own plugins, and prints as JSON what they saw."""

import asyncio
import os
import sys
import tempfile

certificate = tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False)
certificate.write(sys.argv[5])
certificate.close()
os.environ["SSL_CERT_FILE"] = certificate.name  # before aiohttp is loaded

import aiohttp
from judge import PATIENCE, Judge, run, tell

jid, password, port, bot = *sys.argv[1:3], int(sys.argv[3]), sys.argv[4]


class Session(Judge):
    plugins = ("0066", "0363", "0447")

    def __init__(self):
        super().__init__(jid, password)
        self.messages = asyncio.Queue()
        self.add_event_handler("message", self.hear)

    def hear(self, message):
        if message["from"].bare == bot and message["body"]:
            self.messages.put_nowait(message)

    async def heard(self):
        return await asyncio.wait_for(self.messages.get(), PATIENCE)

    async def run_steps(self):
        self.send_presence()
        self.send_message(mto=bot, mbody="cat", mtype="chat")
        await self.receive()
        await self.send_one()

    async def receive(self):
        message = await self.heard()
        url = message["oob"]["url"]
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            text, media_type = await response.text(), response.content_type
        metadata = message["sfs"]["file"]
        tell(
            "received",
            text=text,
            served=media_type,
            inline=message["body"] == url,
            sources=[source["target"] for source in message["sfs"]["sources"]],
            name=metadata["name"],
            type=metadata["media-type"],
            size=metadata["size"],
            description=metadata["desc"],
            digest=metadata["hash"]["value"],
        )

    async def send_one(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("purr" * 100)
            file.flush()
            url = await self["xep_0363"].upload_file(file.name, content_type="text/plain", timeout=PATIENCE)
        message = self.make_message(mto=bot, mbody=url, mtype="chat")
        message["oob"]["url"] = url
        message.send()
        answer = await self.heard()
        tell("sent", answer=answer["body"])


try:
    run(Session, port)
finally:
    os.unlink(certificate.name)
