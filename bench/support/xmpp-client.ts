import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An XMPP client that costs next to nothing: it counts answers instead of reading them. */
export interface XmppClient extends Disposable {
  /**
   * Sends chat messages and waits for as many answers, of which each lets the next message go.
   *
   * @param to addresses that take turns.
   * @param window how many are on their way at once.
   * @throws Error when an answer is an error, or none comes for ten seconds.
   */
  exchange(to: readonly string[], count: number, window: number, words: string): Promise<void>;
}

const OPEN = (domain: string): string =>
  `<stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;

/** Logs in over a plain connection (RFC 6120: SASL PLAIN, then a resource). */
export async function login(port: number, jid: string, password: string): Promise<XmppClient> {
  const [user = "", domain = ""] = jid.split("@");
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.setEncoding("utf8");
  const plain = Buffer.from(`\0${user}\0${password}`).toString("base64");
  for (const [step, sign] of [
    [OPEN(domain), "</stream:features>"],
    [`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`, "<success"],
    [OPEN(domain), "</stream:features>"],
    ["<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"],
  ] as const) {
    socket.write(step);
    await heard(socket, sign);
  }
  return {
    exchange: (to, count, window, words) => exchange(socket, to, count, window, words),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function heard(socket: Socket, sign: string): Promise<void> {
  let text = "";
  while (!text.includes(sign)) {
    const [chunk] = (await once(socket, "data", { signal: AbortSignal.timeout(10_000) })) as [string];
    text += chunk;
    if (text.includes("<failure") || text.includes("stream:error"))
      throw new Error(`Prosody refused the client: ${text}`);
  }
}

const END = "</message>";

function exchange(
  socket: Socket,
  to: readonly string[],
  count: number,
  window: number,
  words: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    let rest = "";
    const send = (number: number): void => {
      let stanzas = "";
      for (const last = Math.min(count, sent + number); sent < last; sent += 1) {
        stanzas += `<message type='chat' id='m${sent}' to='${to[sent % to.length]}'><body>${words}</body></message>`;
      }
      if (stanzas !== "") socket.write(stanzas);
    };
    const end = (settle: () => void): void => {
      clearInterval(watch);
      socket.off("data", onData);
      settle();
    };
    const onData = (chunk: string): void => {
      const text = rest + chunk;
      if (text.includes("type='error'")) {
        end(() => reject(new Error(`an answer is an error: ${text.slice(0, 1000)}`)));
        return;
      }
      const parts = text.split(END);
      rest = parts.at(-1) as string;
      answered += parts.length - 1;
      if (answered >= count) end(resolve);
      else send(parts.length - 1);
    };
    let before = -1;
    const watch = setInterval(() => {
      if (answered === before) end(() => reject(new Error(`${answered} of ${count} answers, then none`)));
      before = answered;
    }, 10_000);
    socket.on("data", onData);
    send(window);
  });
}
