import { Jid, StanzaError } from "../../stanza/index.ts";
import { formValues, NS_UPLOAD } from "../../xep/index.ts";
import { disco, items } from "../queries/disco.ts";
import type { QueryOptions } from "../queries/query-options.ts";
import type { Requester } from "../requester.ts";

/** A place for files (XEP-0363 §4). */
export interface UploadService {
  readonly jid: string;
  /** The largest file that it takes, in bytes; `undefined` where it does not say. */
  readonly maxBytes: number | undefined;
}

/** How many entities of a server are asked whether they take files. */
const MOST_ASKED = 50;

/** How long each has to answer, in milliseconds. */
const PATIENCE = 5_000;

/**
 * Finds where a domain's users upload files to: beneath the domain itself, or beneath the server that it is a part of.
 *
 * @returns `undefined` where nobody takes files.
 */
export async function findUploadService(
  client: Requester,
  domain: string,
  options: QueryOptions,
): Promise<UploadService | undefined> {
  const asking = { timeout: PATIENCE, ...options };
  const parent = domain.split(".").slice(1).join(".");
  for (const server of [parent, domain]) {
    if (server === "") continue;
    const beneath = await items(client, server, asking).catch(answered([]));
    const asked = [server, ...beneath.map(({ jid }) => jid).filter((jid) => Jid.isValid(jid))];
    const found = await Promise.all(
      asked.slice(0, MOST_ASKED).map((jid) => askService(client, jid, asking).catch(answered(undefined))),
    );
    const service = found.find((answer) => answer !== undefined);
    if (service !== undefined) return service;
  }
  return undefined;
}

/** Asks an entity whether it takes files; `undefined` where it does not. */
export async function askService(
  client: Requester,
  jid: string,
  options: QueryOptions,
): Promise<UploadService | undefined> {
  const { features, forms } = await disco(client, jid, { timeout: PATIENCE, ...options });
  if (!features.has(NS_UPLOAD)) return undefined;
  const form = forms.find((each) => formValues(each).get("FORM_TYPE")?.[0] === NS_UPLOAD);
  const [limit = ""] = (form && formValues(form).get("max-file-size")) ?? [];
  return { jid, maxBytes: /^\d{1,15}$/.test(limit) ? Number(limit) : undefined };
}

/** Takes an error that somebody answers with for an answer; that Prosody cannot be asked at all is another matter. */
function answered<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof StanzaError) return instead;
    throw error;
  };
}
