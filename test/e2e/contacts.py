"""Has bots as contacts, with slixmpp's own roster; prints what it sees as JSON, a line each."""

import asyncio
import sys

from judge import PATIENCE, Judge, tell

people, password, port, bots = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
alice_jid, bob_jid = f"alice@{people}", f"bob@{people}"
opened, asking, closed, listed, fragile = (
    f"{name}@{bots}" for name in ("open", "asking", "closed", "listed", "fragile")
)


class Session(Judge):
    def __init__(self, account):
        super().__init__(account, password)
        self.seen = []
        self.more = asyncio.Event()
        for event in ("message", "changed_status", "presence_unsubscribed", "roster_update"):
            self.add_event_handler(event, lambda stanza, event=event: self.see(event, stanza))

    async def run_steps(self):
        await self.get_roster()
        self.send_presence()

    async def online(self):
        self.come_online(port)
        await asyncio.wait_for(self.result, PATIENCE)
        return self

    def see(self, event, stanza):
        self.seen.append((event, stanza))
        self.more.set()

    async def until(self, fits, what):
        """Waits until something holds, looking again whenever something has come."""
        async def wait():
            while True:
                found = fits()
                if found:
                    return found
                self.more.clear()
                await self.more.wait()

        try:
            return await asyncio.wait_for(wait(), 30)
        except asyncio.TimeoutError:
            seen = "\n".join(f"{name} {stanza}" for name, stanza in self.seen)
            raise RuntimeError(f"{self.boundjid} waited in vain for {what}; there were\n{seen}")

    def take(self, event, bot, fits):
        for index, (name, stanza) in enumerate(self.seen):
            if name == event and stanza["from"].bare == bot and fits(stanza):
                return self.seen.pop(index)[1]
        return None

    async def hears(self, bot):
        found = await self.until(lambda: self.take("message", bot, lambda m: m["body"]), f"words of {bot}")
        return found["body"]

    async def sees(self, bot, kind):
        """A presence of a bot of this kind: unavailable, available, or a show."""
        return await self.until(
            lambda: self.take("changed_status", bot, lambda p: p["type"] == kind), f"{bot} {kind}"
        )

    async def subscribed(self, bot, wanted):
        await self.until(lambda: self.client_roster[bot]["subscription"] == wanted, f"{bot} {wanted}")
        return self.client_roster[bot]["subscription"]

    async def asks(self, bot, words):
        self.send_message(bot, words, mtype="chat")
        return await self.hears(bot)


async def steps():
    alice, bob = await Session(alice_jid).online(), await Session(bob_jid).online()

    alice.send_presence_subscription(opened)
    await alice.sees(opened, "available")
    tell("open", subscription=await alice.subscribed(opened, "both"), greeting=await alice.hears(opened))
    tell("who", body=await alice.asks(opened, "who"))
    alice.send_presence(pshow="dnd", pstatus="busy")
    tell("busy", body=await alice.asks(opened, "who"))

    alice.send_presence_subscription(asking)
    tell("asking", body=await alice.hears(asking))
    tell("admin", body=await bob.hears(bots))
    bob.send_message(bots, f"accept asking {alice_jid}", mtype="chat")
    await alice.sees(asking, "available")
    tell("accepted", subscription=await alice.subscribed(asking, "to"), body=await alice.hears(asking))

    refused = []
    for bot in (closed, listed):
        alice.send_presence_subscription(bot)
        await alice.until(lambda: alice.take("presence_unsubscribed", bot, lambda _: True), f"{bot} unsubscribed")
        refused.append(alice.client_roster[bot]["subscription"])
    bob.send_presence_subscription(listed)
    await bob.sees(listed, "available")
    tell("listed", refused=refused, subscription=await bob.subscribed(listed, "to"))

    alice.send_presence_subscription(fragile)
    await alice.sees(fragile, "available")
    for _ in range(2):
        alice.send_message(fragile, "crash", mtype="chat")
    paused = (await alice.sees(fragile, "dnd"))["status"]
    alice.send_message(fragile, "fine", mtype="chat")
    await alice.sees(fragile, "available")
    tell("paused", status=paused)

    alice.send_message(opened, "away Back at 9", mtype="chat")
    tell("away", status=(await alice.sees(opened, "away"))["status"])

    alice.send_message(opened, "restart", mtype="chat")
    await alice.sees(opened, "unavailable")
    await alice.sees(asking, "unavailable")
    status = (await alice.sees(opened, "away"))["status"]
    await alice.sees(asking, "available")
    # Who is there is asked of their servers, after all have been told.
    while "not there" in (body := await alice.asks(opened, "who")):
        pass
    tell("restarted", status=status, body=body)

    # A server that a contact comes online at asks for the bots' presence.
    tablet = await Session(alice_jid).online()
    tell("probed", status=(await tablet.sees(opened, "away"))["status"])
    await tablet.disconnect()

    await bob.hears(bots)
    await bob.asks(bots, "disable open")
    tell("disabled", status=(await alice.sees(opened, "unavailable"))["status"])
    await bob.asks(bots, "enable open")
    tell("enabled", status=(await alice.sees(opened, "away"))["status"])

    alice.send_presence(pto=opened, ptype="unsubscribe")
    await alice.sees(opened, "unavailable")
    tell("unsubscribed", subscription=await alice.subscribed(opened, "from"))
    await alice.disconnect()
    await bob.disconnect()


async def main():
    try:
        await asyncio.wait_for(steps(), 120)
    except Exception as error:  # told to the test, which shows it
        tell("failed", error=repr(error))


asyncio.run(main())
