/** An event of the repository `verona/stage`, that Juliet has caused; what is given goes first. */
export function event(payload: object): object {
  return { repository: { full_name: "verona/stage" }, sender: { login: "juliet" }, ...payload };
}

/** A commit of a push. */
export function commit(number: number, message: string): object {
  return { id: String(number).padStart(7, "0").padEnd(40, "0"), message, author: { name: "Juliet" } };
}
