"""What slixmpp does in every test: it comes online on loopback, and tells what it sees as JSON, a line each."""

import asyncio
import json

import slixmpp

PATIENCE = 30


def tell(step, **seen):
    print(json.dumps({"step": step, **seen}), flush=True)


class Judge(slixmpp.ClientXMPP):
    """A client with slixmpp's own plugins, given by the numbers of their extensions; `run_steps` is what it does once it is online."""

    plugins = ()

    def __init__(self, jid, password):
        super().__init__(jid, password)
        self["feature_mechanisms"].unencrypted_plain = True
        for number in self.plugins:
            self.register_plugin(f"xep_{number}")
        self.result = asyncio.get_event_loop().create_future()
        self.add_event_handler("session_start", lambda _: asyncio.ensure_future(self.finish()))

    async def run_steps(self):
        raise NotImplementedError

    async def finish(self):
        try:
            await self.run_steps()
        except Exception as error:  # told to the test, which shows it
            tell("failed", error=repr(error))
        self.result.set_result(None)

    def come_online(self, port):
        self.enable_direct_tls = False
        self.enable_starttls = False
        self.enable_plaintext = True
        self.connect("127.0.0.1", port)


def run(make, port):
    """Has one client do its steps."""

    async def whole():
        judge = make()
        judge.come_online(port)
        await asyncio.wait_for(judge.result, 4 * PATIENCE)
        await judge.disconnect()

    asyncio.run(whole())
