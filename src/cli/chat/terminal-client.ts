import { errorReply, type Iq, iq, StanzaError } from "../../stanza/index.ts";
import type { ModRestUser } from "../../testkit/index.ts";
import { buildDiscoInfo, NS_DISCO_INFO } from "../../xep/index.ts";

/** Has somebody in a terminal answer requests as every client has to (RFC 6120 §8.2.3); a bot would wait for that. */
export function answerRequests(user: ModRestUser): void {
  user.listen((stanza) => {
    if (stanza.kind === "iq" && (stanza.type === "get" || stanza.type === "set")) user.send(answerTo(stanza));
  });
}

function answerTo(request: Iq): Iq {
  if (!request.payload?.is("query", NS_DISCO_INFO))
    return errorReply(request, new StanzaError("service-unavailable"));
  const addresses = { to: request.from, id: request.id, type: "result" } as const;
  return iq(addresses, buildDiscoInfo([{ category: "client", type: "console" }], [NS_DISCO_INFO]));
}
