import { createHmac } from "node:crypto";
import type { Testbed } from "restanza/testkit";

/** An event of the repository `verona/stage`, that Juliet has caused; what is given goes first. */
export function event(payload: object): object {
  return { repository: { full_name: "verona/stage" }, sender: { login: "juliet" }, ...payload };
}

/** A commit of a push. */
export function commit(number: number, message: string): object {
  return { id: String(number).padStart(7, "0").padEnd(40, "0"), message, author: { name: "Juliet" } };
}

/** A push of one commit. */
export const pushed = {
  ref: "refs/heads/main",
  compare: "https://github.com/c",
  commits: [commit(1, "*Add* a balcony")],
};

/** GitHub tells the bot of an event. */
export async function delivers(
  bed: Testbed,
  name: string,
  payload: object,
  { id, secret }: { readonly id: string; readonly secret: string },
): Promise<Response> {
  const body = JSON.stringify(event(payload));
  const headers = {
    "content-type": "application/json",
    "x-github-event": name,
    "x-github-delivery": id,
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
  return await bed.calls("/bots/github/", { method: "POST", headers, body });
}
