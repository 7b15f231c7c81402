import { type EventName, type Payload, payloads } from "./payloads.ts";

/** What is told of an event. */
export interface Told {
  /** `owner/name`. */
  readonly repository: string;
  readonly text: string;
}

/** How many commits of a push are told one by one. */
const MOST_COMMITS = 5;

const PUSHED = /^refs\/(heads|tags)\/(.+)$/;

const FAILURES: ReadonlyMap<string, string> = new Map([
  ["failure", "failed"],
  ["timed_out", "took too long"],
  ["startup_failure", "did not start"],
]);

const tellers: { readonly [Name in EventName]: (payload: Payload<Name>) => string | undefined } = {
  ping: ({ zen }) => `GitHub tells me of it from now on. “${zen}”`,
  push: tellPush,
  pull_request: ({ action, sender, pull_request: { number, title, html_url, merged, draft } }) => {
    const done = action === "closed" && merged === true ? "merged" : doing(action, "ready_for_review");
    const what = draft === true ? "the draft" : "pull request";
    return done && `${sender.login} ${done} ${what} #${number}: ${title} ${html_url}`;
  },
  issues: ({ action, sender, issue: { number, title, html_url } }) => {
    const done = doing(action);
    return done && `${sender.login} ${done} issue #${number}: ${title} ${html_url}`;
  },
  issue_comment: ({ action, sender, issue, comment }) => {
    if (action !== "created") return undefined;
    const what = issue.pull_request === undefined ? "issue" : "pull request";
    return `${sender.login} commented on ${what} #${issue.number} (${issue.title}): ${comment.body} ${comment.html_url}`;
  },
  release: ({ action, sender, release: { tag_name, name, html_url } }) => {
    if (action !== "published") return undefined;
    const title = name && name !== tag_name ? ` (${name})` : "";
    return `${sender.login} released ${tag_name}${title} ${html_url}`;
  },
  workflow_run: ({ action, workflow_run: { name, conclusion, head_branch, html_url } }) => {
    const failed = action === "completed" ? FAILURES.get(conclusion ?? "") : undefined;
    const branch = head_branch ? ` on ${head_branch}` : "";
    return failed && `${name || "A workflow"} ${failed}${branch} ${html_url}`;
  },
  star: ({ action, sender, repository: { stargazers_count: count } }) =>
    action === "created" ? `${sender.login} gave it a star, which makes ${count}` : undefined,
};

/**
 * Puts an event in words.
 *
 * @param event of the header `X-GitHub-Event`.
 * @returns `undefined` for what is not worth a message.
 * @throws ZodError when the payload is none of that event.
 */
export function describe(event: string, payload: unknown): Told | undefined {
  return isKnown(event) ? tell(event, payload) : undefined;
}

function tell<Name extends EventName>(event: Name, payload: unknown): Told | undefined {
  const read = payloads[event].parse(payload) as Payload<Name>;
  const text = tellers[event](read);
  const { full_name: repository } = read.repository;
  return text === undefined ? undefined : { repository, text: `[${repository}] ${text}` };
}

function isKnown(event: string): event is EventName {
  return Object.hasOwn(payloads, event);
}

function doing(action: string, more?: "ready_for_review"): string | undefined {
  if (action === "opened" || action === "closed" || action === "reopened") return action;
  return action === more ? "has made ready" : undefined;
}

function tellPush({ ref, sender, created, deleted, forced, compare, commits }: Payload<"push">): string {
  const [, kind, name = ref] = PUSHED.exec(ref) ?? [];
  const what = kind === "tags" ? `tag ${name}` : name;
  if (deleted) return `${sender.login} deleted ${what}`;
  if (commits.length === 0) return `${sender.login} ${created ? "created" : "moved"} ${what} ${compare}`;
  const count = commits.length === 1 ? "1 commit" : `${commits.length} commits`;
  const first = `${sender.login} ${forced ? "force-pushed" : "pushed"} ${count} to ${what} ${compare}`;
  const shown = commits
    .slice(0, MOST_COMMITS)
    .map(({ id, message, author }) => `  ${id.slice(0, 7)} ${message} (${author.name})`);
  const left = commits.length - shown.length;
  return [first, ...shown, ...(left > 0 ? [`  and ${left} more`] : [])].join("\n");
}
