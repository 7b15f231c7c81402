import { z } from "zod";
import { plain } from "./plain.ts";

const link = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).href);
const words = z.string().transform((text) => plain(text));
/** The name of a person, a branch or a tag. */
const name = z.string().transform((text) => plain(text, 60));

const common = { repository: z.object({ full_name: name }), sender: z.object({ login: name }) };
const subject = z.object({ number: z.int(), title: words, html_url: link });

/** What is read of each event; GitHub sends far more. */
export const payloads = {
  ping: z.object({ ...common, zen: words }),
  push: z.object({
    ...common,
    ref: name,
    created: z.boolean().default(false),
    deleted: z.boolean().default(false),
    forced: z.boolean().default(false),
    compare: link,
    commits: z
      .array(
        z.object({
          id: z.string().regex(/^[\da-f]{7,64}$/),
          message: z.string().transform((text) => plain(text.split(/\r?\n/, 1)[0] ?? "")),
          author: z.object({ name }),
        }),
      )
      .default([]),
  }),
  pull_request: z.object({
    ...common,
    action: z.string(),
    pull_request: subject.extend({ merged: z.boolean().nullish(), draft: z.boolean().nullish() }),
  }),
  issues: z.object({ ...common, action: z.string(), issue: subject }),
  issue_comment: z.object({
    ...common,
    action: z.string(),
    issue: subject.extend({ pull_request: z.unknown().optional() }),
    comment: z.object({ body: z.string().transform((text) => plain(text, 200)), html_url: link }),
  }),
  release: z.object({
    ...common,
    action: z.string(),
    release: z.object({ tag_name: name, name: words.nullish(), html_url: link }),
  }),
  workflow_run: z.object({
    ...common,
    action: z.string(),
    workflow_run: z.object({
      name: words.nullish(),
      conclusion: z.string().nullish(),
      head_branch: name.nullish(),
      html_url: link,
    }),
  }),
  star: z.object({
    ...common,
    action: z.string(),
    repository: common.repository.extend({ stargazers_count: z.int() }),
  }),
} as const;

/** An event that the bot tells of. */
export type EventName = keyof typeof payloads;

/** What is read of an event. */
export type Payload<Name extends EventName> = z.output<(typeof payloads)[Name]>;
