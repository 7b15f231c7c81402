import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readXml } from "../../src/stanza/index.ts";
import {
  buildExternalServices,
  buildItemsRequest,
  buildUnsubscribe,
  readExternalServices,
} from "../../src/xep/index.ts";
import { written } from "./support.ts";

describe("XEP-0060: requests of which it has no example", () => {
  it("want a page of the items (§6.5.4)", () => {
    assert.equal(
      written(buildItemsRequest({ node: "musings", max: 2 })),
      '<pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="musings"/><set xmlns="http://jabber.org/protocol/rsm"><max>2</max></set></pubsub>',
    );
  });

  it("end one of several subscriptions (§6.2.1)", () => {
    assert.equal(
      written(buildUnsubscribe("musings", "francisco@denmark.lit", "123-abc")),
      '<pubsub xmlns="http://jabber.org/protocol/pubsub"><unsubscribe node="musings" jid="francisco@denmark.lit" subid="123-abc"/></pubsub>',
    );
  });
});

describe("XEP-0215: a service that wants credentials", () => {
  it("is known by that (§3.1)", () => {
    const [service] = readExternalServices(
      readXml(
        "<services xmlns='urn:xmpp:extdisco:2'><service type='turn' host='turn.example' restricted='1'/></services>",
      ),
    );
    assert.equal(service?.restricted, true);
    assert.ok(service && written(buildExternalServices([service])).includes('restricted="1"'));
  });
});
