"""Receives and sends files with slixmpp's own plugins, and prints as JSON what they saw."""

import asyncio
import json
import os
import sys
import tempfile

certificate = tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False)
certificate.write(sys.argv[5])
certificate.close()
os.environ["SSL_CERT_FILE"] = certificate.name  # before aiohttp is loaded

import aiohttp
import slixmpp

jid, password, port, bot = *sys.argv[1:3], int(sys.argv[3]), sys.argv[4]


class Session(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self["feature_mechanisms"].unencrypted_plain = True
        for plugin in ("xep_0066", "xep_0363", "xep_0447"):
            self.register_plugin(plugin)
        self.messages = asyncio.Queue()
        self.add_event_handler("message", self.hear)
        self.add_event_handler("session_start", lambda _: asyncio.ensure_future(self.run_steps()))
        self.result = asyncio.get_event_loop().create_future()

    def hear(self, message):
        if message["from"].bare == bot and message["body"]:
            self.messages.put_nowait(message)

    async def heard(self):
        return await asyncio.wait_for(self.messages.get(), 30)

    def tell(self, step, **seen):
        print(json.dumps({"step": step, **seen}), flush=True)

    async def run_steps(self):
        try:
            self.send_presence()
            self.send_message(mto=bot, mbody="cat", mtype="chat")
            await self.receive()
            await self.send_one()
        except Exception as error:  # told to the test, which shows it
            self.tell("failed", error=repr(error))
        self.result.set_result(None)

    async def receive(self):
        message = await self.heard()
        url = message["oob"]["url"]
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            text, media_type = await response.text(), response.content_type
        metadata = message["sfs"]["file"]
        self.tell(
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
            url = await self["xep_0363"].upload_file(file.name, content_type="text/plain", timeout=30)
        message = self.make_message(mto=bot, mbody=url, mtype="chat")
        message["oob"]["url"] = url
        message.send()
        answer = await self.heard()
        self.tell("sent", answer=answer["body"])


async def main():
    session = Session()
    session.enable_direct_tls = False
    session.enable_starttls = False
    session.enable_plaintext = True
    session.connect("127.0.0.1", port)
    await asyncio.wait_for(session.result, 90)
    await session.disconnect()


try:
    asyncio.run(main())
finally:
    os.unlink(certificate.name)
