"""Looks at a bot as clients do, slixmpp with its own plugins; prints what it sees as JSON, a line each."""

import asyncio
import datetime
import hashlib
import sys

import slixmpp
from slixmpp.plugins.xep_0084.stanza import MetaData
from slixmpp.plugins.xep_0172.stanza import UserNick
from slixmpp.xmlstream import register_stanza_plugin
from judge import PATIENCE, Judge, run, tell

jid, password, port, bots = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
room = slixmpp.JID(sys.argv[5])
bot = f"model@{bots}"


def sha1(data):
    return hashlib.sha1(data).hexdigest()


class Session(Judge):
    plugins = ("0012", "0030", "0045", "0054", "0060", "0084", "0092", "0115", "0153", "0163", "0172", "0199", "0202", "0292")

    def __init__(self):
        super().__init__(jid, password)
        for payload in (MetaData, UserNick):
            register_stanza_plugin(self["xep_0060"].stanza.Item, payload)
        # As an ordinary client does, it says that it wants to be told.
        self["xep_0163"].add_interest("urn:xmpp:avatar:metadata")
        self["xep_0163"].add_interest("http://jabber.org/protocol/nick")
        self.presences = asyncio.Queue()
        for event in ("presence", "groupchat_presence"):
            self.add_event_handler(event, self.presences.put_nowait)

    async def next_presence(self, sender, kind):
        while True:
            presence = await asyncio.wait_for(self.presences.get(), PATIENCE)
            if presence["from"] == sender and presence["type"] == kind:
                return presence

    async def verified(self, sender, ver):
        """Whether slixmpp has asked what is behind the hash, and has found it right."""
        for _ in range(PATIENCE * 50):
            if await self["xep_0115"].get_verstring(sender) == ver:
                return True
            await asyncio.sleep(0.02)
        return False

    async def run_steps(self):
        self.send_presence()
        await self.get_roster()

        hashes = asyncio.Queue()
        self.add_event_handler("vcard_avatar_update", hashes.put_nowait)
        self.send_presence(pto=bot, ptype="subscribe")
        subscribed = await self.next_presence(bot, "subscribed")
        presence = await self.next_presence(bot, "available")
        caps = presence["caps"]
        photo = presence["vcard_temp_update"]["photo"]
        tell(
            "presence",
            nick=subscribed["nick"]["nick"],
            hash=caps["hash"],
            verified=await self.verified(bot, caps["ver"]),
            update=(await asyncio.wait_for(hashes.get(), PATIENCE))["from"].bare,
        )

        # It asks what the client can do by its capabilities, and tells it what it wants to be told.
        events = asyncio.Queue()
        for event in ("avatar_metadata_publish", "user_nick_publish"):
            self.add_event_handler(event, events.put_nowait)
        await self["xep_0115"].update_caps(broadcast=False)
        self.send_presence(pto=bot)
        told = [await asyncio.wait_for(events.get(), PATIENCE) for _ in range(2)]
        nodes = sorted(message["pubsub_event"]["items"]["node"] for message in told)
        tell("told", nodes=nodes, type=sorted({message["type"] for message in told}))

        info = (await self["xep_0030"].get_info(bot, timeout=PATIENCE))["disco_info"]
        tell("info", identities=sorted(list(i[:2]) + [i[3]] for i in info["identities"]), features=sorted(info["features"]))

        vcard = (await self["xep_0054"].get_vcard(bot, cached=False, timeout=PATIENCE))["vcard_temp"]
        tell(
            "vcard",
            name=vcard["FN"],
            nicknames=vcard["NICKNAME"],
            description=vcard["DESC"],
            url=vcard["URL"],
            type=vcard["PHOTO"]["TYPE"],
            same=sha1(vcard["PHOTO"]["BINVAL"]) == photo,
        )

        vcard4 = self.make_iq_get(ito=bot)
        vcard4.enable("vcard")
        fields = (await vcard4.send(timeout=PATIENCE))["vcard"]
        tell("vcard4", name=fields["full_name"])

        found = await self["xep_0060"].get_items(bot, "urn:xmpp:avatar:metadata", timeout=PATIENCE)
        item = found["pubsub"]["items"]["substanzas"][0]
        entry = next(iter(item["avatar_metadata"]))
        image = await self["xep_0084"].retrieve_avatar(bot, entry["id"], timeout=PATIENCE)
        data = image["pubsub"]["items"]["substanzas"][0]["avatar_data"]["value"]
        tell(
            "avatar",
            id=item["id"] == entry["id"] == photo,
            same=sha1(data) == photo,
            bytes=int(entry["bytes"]) == len(data),
            size=[entry["width"], entry["height"]],
            type=entry["type"],
        )

        nick = await self["xep_0060"].get_items(bot, "http://jabber.org/protocol/nick", timeout=PATIENCE)
        tell("nick", nick=nick["pubsub"]["items"]["substanzas"][0]["nick"]["nick"])

        version = (await self["xep_0092"].get_version(bot, timeout=PATIENCE))["software_version"]
        tell("version", name=version["name"], version=version["version"])

        time = (await self["xep_0202"].get_entity_time(bot, timeout=PATIENCE))["entity_time"]
        # slixmpp's own reading adds a Z to the one that XEP-0202 has there.
        utc = time.xml.findtext("{urn:xmpp:time}utc")
        tell("time", year=datetime.datetime.strptime(utc, "%Y-%m-%dT%H:%M:%S%z").year)

        last = (await self["xep_0012"].get_last_activity(bot, timeout=PATIENCE))["last_activity"]
        up = (await self["xep_0012"].get_last_activity(bots, timeout=PATIENCE))["last_activity"]
        tell("last", seconds=last["seconds"], up=up["seconds"] >= 0)

        tell("ping", seconds=await self["xep_0199"].ping(bot, timeout=PATIENCE) >= 0)

        items = await self["xep_0030"].get_items(bots, timeout=PATIENCE)
        tell("items", listed=bot in [str(i[0]) for i in items["disco_items"]["items"]])

        large = f"mural@{bots}"
        vcard = (await self["xep_0054"].get_vcard(large, cached=False, timeout=PATIENCE))["vcard_temp"]
        photo_size = len(vcard["PHOTO"]["BINVAL"])
        vcard4 = self.make_iq_get(ito=large)
        vcard4.enable("vcard")
        fields = (await vcard4.send(timeout=PATIENCE))["vcard"]
        image = await self["xep_0084"].retrieve_avatar(large, sha1(vcard["PHOTO"]["BINVAL"]), timeout=PATIENCE)
        data = image["pubsub"]["items"]["substanzas"][0]["avatar_data"]["value"]
        tell("large", vcard=photo_size, vcard4=len(str(fields)) > photo_size, pep=len(data))

        # Joined once the room has told its subject, which comes last (XEP-0045 §7.2.1).
        joined = asyncio.ensure_future(self.wait_until(f"muc::{room}::groupchat_subject", timeout=PATIENCE))
        joining = asyncio.ensure_future(self["xep_0045"].join_muc_wait(room, "Slixie", timeout=PATIENCE))
        occupant = f"{room}/Model"
        seen = await self.next_presence(occupant, "available")
        await joined
        joining.cancel()
        inside = (await self["xep_0054"].get_vcard(occupant, cached=False, timeout=PATIENCE))["vcard_temp"]
        tell(
            "room",
            photo=seen["vcard_temp_update"]["photo"] == photo,
            verified=await self.verified(occupant, seen["caps"]["ver"]),
            same=sha1(inside["PHOTO"]["BINVAL"]) == photo,
        )


run(Session, port)
