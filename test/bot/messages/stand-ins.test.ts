import { it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";
import { el, message } from "../../../src/stanza/index.ts";

const parrot = defineBot({
  name: "parrot",
  summary: "says back what you say",
  routes: (bot) => void bot.on("message:body", (ctx) => ctx.body),
});

it("a body that stands for a retraction is not meant to be read, also where its client does not say what it is", async () => {
  await using bed = await testbed(parrot);
  const retract = el("retract", { xmlns: "urn:xmpp:message-retract:1", id: "1" });
  const unmarked = el("fallback", { xmlns: "urn:xmpp:fallback:0" });
  (await bed.alice.sends(message({ type: "chat", body: "It is gone." }, retract, unmarked))).expect();
  (await bed.alice.says("It is gone.")).expect("It is gone.");
});

it("a body that begins like an encrypted one is read where it is none", async () => {
  await using bed = await testbed(parrot);
  for (const body of ["?OTR", "?", "-----BEGIN", "- one\n- two"]) (await bed.alice.says(body)).expect(body);
});
