import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerRequests } from "../../src/cli/chat/terminal-client.ts";
import { type Iq, readStanza, type Stanza } from "../../src/stanza/index.ts";
import { NS_DISCO_INFO, readDiscoInfo } from "../../src/xep/index.ts";

/** What somebody in a terminal answers. */
function answersTo(...stanzas: readonly string[]): Iq[] {
  const sent: Iq[] = [];
  const listeners: ((stanza: Stanza) => void)[] = [];
  answerRequests({
    listen: (listener: (stanza: Stanza) => void) => listeners.push(listener),
    send: (stanza: Iq) => sent.push(stanza),
  } as never);
  for (const xml of stanzas) for (const listen of listeners) listen(readStanza(xml));
  return sent;
}

const from = "from='bot@bots.localhost' to='me@localhost/terminal'";

describe("somebody in a terminal", () => {
  it("says what their client is, so that a bot which asks need not wait", () => {
    const [answer] = answersTo(`<iq ${from} type='get' id='1'><query xmlns='${NS_DISCO_INFO}'/></iq>`);
    assert.deepEqual([answer?.type, answer?.id, String(answer?.to)], ["result", "1", "bot@bots.localhost"]);
    const { identities } = readDiscoInfo(answer?.payload ?? assert.fail());
    assert.deepEqual(
      identities.map(({ category, type }) => [category, type]),
      [["client", "console"]],
    );
  });

  it("refuses any other request, and answers nothing else", () => {
    const answers = answersTo(
      `<iq ${from} type='set' id='2'><a xmlns='urn:a'/></iq>`,
      `<iq ${from} type='result' id='3'/>`,
      `<message ${from}><body>hello</body></message>`,
    );
    assert.deepEqual(
      answers.map(({ id, error }) => [id, error?.condition]),
      [["2", "service-unavailable"]],
    );
  });
});
