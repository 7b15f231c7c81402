import { el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0039: Statistics Gathering. */
export const NS_STATS = "http://jabber.org/protocol/stats";

/** One figure that an entity keeps. */
export interface Statistic {
  readonly name: string;
  readonly unit: string | undefined;
  /** As the entity wrote it, which need not be a number. */
  readonly value: string | undefined;
}

/** What a question about statistics takes. */
export interface StatisticsOptions extends QueryOptions {
  /** The names of those wanted. Default: the entity tells which it has. */
  readonly names?: readonly string[] | undefined;
}

/** XEP-0039 §3. */
export async function statistics(
  client: Requester,
  jid: string | Jid,
  options: StatisticsOptions,
): Promise<readonly Statistic[]> {
  const wanted = (options.names ?? []).map((name) => el("stat", { name }));
  const query = await ask(client, "get", jid, el("query", { xmlns: NS_STATS }, wanted), options);
  return query.childrenNamed("stat").map((stat) => ({
    name: stat.attr("name") ?? "",
    unit: stat.attr("units"),
    value: stat.attr("value"),
  }));
}
