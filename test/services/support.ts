import assert from "node:assert/strict";
import { respond } from "../../src/callback/index.ts";
import { services } from "../../src/services/index.ts";
import { type Element, Iq, type Stanza, type StanzaError } from "../../src/stanza/index.ts";
import { type Routes, stanza, type World, world } from "../dispatch/support.ts";

/** Bots that do nothing themselves, but for `echo`. */
export function served(echo: Routes = () => undefined): World {
  return world(
    { echo, help: () => undefined, butler: () => undefined },
    { host: "help", fallback: services() },
  );
}

/** A request of Juliet's. */
export function request(to: string, payload: string, type = "get"): Stanza {
  return stanza(`<iq type='${type}' id='i1' from='juliet@capulet.lit/balcony' to='${to}'>${payload}</iq>`);
}

/** What a request is answered with. */
export async function ask(to: string, payload: string, at: World = served()): Promise<Element> {
  const answer = await answered(request(to, payload), at);
  assert.equal(answer.type, "result");
  return answer.payload ?? assert.fail("there is no payload in the answer");
}

/** Why a request is refused. */
export async function refusal(to: string, payload: string, type = "get"): Promise<StanzaError> {
  return (await answered(request(to, payload, type), served())).error ?? assert.fail("it was not refused");
}

async function answered(of: Stanza, { dispatcher }: World): Promise<Iq> {
  const { stanza: answer } = respond(of, await dispatcher.dispatch(of));
  assert.ok(answer instanceof Iq);
  return answer;
}
