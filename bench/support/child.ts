import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process that answers one message after another. */
export interface Child<Request, Reply> extends Disposable {
  ask(request: Request): Promise<Reply>;
}

/**
 * Starts a file of this folder in a process of its own.
 *
 * @param ready what the process says first.
 * @throws Error when it ends instead of answering.
 */
export async function start<Request, Reply, Ready = Reply>(
  file: string,
  ...args: string[]
): Promise<{ readonly child: Child<Request, Reply>; readonly ready: Ready }> {
  const process = fork(new URL(file, import.meta.url), args, {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
  });
  const ready = (await answer(process, file)) as Ready;
  const child = {
    ask: async (request: Request): Promise<Reply> => {
      const reply = answer(process, file);
      process.send(request as object);
      return (await reply) as Reply;
    },
    [Symbol.dispose]: () => void process.kill(),
  };
  return { child, ready };
}

async function answer(process: ChildProcess, file: string): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = once(process, "exit", { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code} instead of answering; what it wrote stands above`);
  });
  try {
    const [message] = (await Promise.race([once(process, "message", { signal }), ended])) as [unknown];
    return message;
  } finally {
    stop.abort();
    ended.catch(() => undefined);
  }
}
