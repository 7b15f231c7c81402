import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A component that has connected by itself (XEP-0114), and throws away all that it is sent. */
export interface Crowd extends AsyncDisposable {
  send(xml: string): void;
}

/** Connects as a component. */
export async function connectCrowd(port: number, domain: string, secret: string): Promise<Crowd> {
  const socket: Socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.setEncoding("utf8");
  const answer = async (pattern: RegExp): Promise<RegExpExecArray> => {
    let text = "";
    for (;;) {
      const [chunk] = (await once(socket, "data")) as [string];
      text += chunk;
      const found = pattern.exec(text);
      if (found !== null) return found;
      if (/<\/stream:stream>|<stream:error>/.test(text))
        throw new Error(`the component was refused: ${text}`);
    }
  };
  socket.write(
    `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
  );
  const [, id = ""] = await answer(/<stream:stream[^>]* id=['"]([^'"]+)['"]/);
  const ready = answer(/<handshake/);
  socket.write(`<handshake>${createHash("sha1").update(id).update(secret).digest("hex")}</handshake>`);
  await ready;
  socket.resume();
  return {
    send: (xml) => void socket.write(xml),
    [Symbol.asyncDispose]: async () => {
      socket.destroy();
    },
  };
}
