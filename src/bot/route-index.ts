import type { Stanza } from "../stanza/index.ts";
import type { FilterSpec, StanzaClass } from "./filters/index.ts";
import { type Chain, compose, type MaybePromise, type Pass } from "./middleware.ts";
import type { Route } from "./route.ts";

/**
 * The routes of one composer, found by what a stanza is instead of one after another. Exactly the same ones run, in the same
 * order: the index leaves out only such as could not run anyway.
 *
 * A route has keys: the kind and type of the stanza, the namespace of a request's payload, the namespace of a child that a message
 * has to have, the words that it has to consist of. A route without keys may run for every stanza.
 */
class RouteIndex<C extends { readonly stanza: Stanza }> {
  /** By each key that a stanza has exactly one of: its kind and type. */
  readonly #base = new Map<string, Candidates<C>>();
  /** What may run for a stanza of any other kind. */
  readonly #any: Candidates<C>;
  /** By each further key. */
  readonly #special = new Map<string, Candidates<C>>();
  readonly #byNamespace: boolean;
  readonly #byWords: boolean;

  constructor(routes: readonly Route<C>[]) {
    const all = routes.map(
      (route, position): Keyed<C> => ({ position, run: route.run, keys: keysOf(route) }),
    );
    const everywhere = all.filter(({ keys }) => keys === undefined);
    this.#any = candidates(everywhere);
    for (const key of new Set(all.flatMap(({ keys = [] }) => keys))) {
      const own = all.filter(({ keys }) => keys?.includes(key));
      if (key.includes(" ")) this.#special.set(key, candidates(own));
      else this.#base.set(key, candidates(merged(own, everywhere)));
    }
    const special = [...this.#special.keys()];
    this.#byWords = special.some((key) => key.startsWith(WORDS));
    this.#byNamespace = special.some((key) => key.startsWith(CHILD));
  }

  readonly run: Chain<C> = (pass, next) => {
    const { stanza } = pass.ctx;
    const base = this.#base.get(baseKey(stanza)) ?? this.#any;
    if (this.#special.size === 0) return base.chain(pass, next);
    const found = this.#find(stanza);
    const [only] = found;
    if (only === undefined) return base.chain(pass, next);
    if (found.length === 1 && base.list.length === 0) return only.chain(pass, next);
    return runMerged([base.list, ...found.map(({ list }) => list)], pass, next);
  };

  /** What may run besides, by each of the further keys of a stanza. */
  #find(stanza: Stanza): readonly Candidates<C>[] {
    const found: Candidates<C>[] = [];
    const look = (key: string): void => {
      const candidates = this.#special.get(key);
      if (candidates !== undefined && !found.includes(candidates)) found.push(candidates);
    };
    if (stanza.kind === "iq") look(`iq-${stanza.type} ${stanza.payload?.ns}`);
    else if (stanza.kind === "message") {
      const { body } = stanza;
      if (this.#byWords && body !== undefined) look(WORDS + normalWords(body));
      if (this.#byNamespace) {
        for (const child of stanza.element.children) if (typeof child !== "string") look(CHILD + child.ns);
      }
    }
    return found;
  }
}

interface Candidate<C> {
  readonly position: number;
  readonly run: Chain<C>;
}

interface Keyed<C> extends Candidate<C> {
  readonly keys: readonly string[] | undefined;
}

/** Candidates in the order in which they were added, and the same as one chain. */
interface Candidates<C> {
  readonly list: readonly Candidate<C>[];
  readonly chain: Chain<C>;
}

const WORDS = "words ";
const CHILD = "child ";

/** @internal All that a composer's routes run, as one chain. */
export function indexed<C extends { readonly stanza: Stanza }>(routes: readonly Route<C>[]): Chain<C> {
  // Where every route may run for every stanza there is nothing to look up.
  const plain = routes.every((route) => keysOf(route) === undefined);
  return plain ? compose(routes.map(({ run }) => run)) : new RouteIndex(routes).run;
}

/** @internal Words as they are compared: whatever their case and the white space around. */
export function normalWords(body: string): string {
  return body.trim().toLowerCase();
}

/** @internal The key of messages that consist of certain words. */
export function wordsKey(words: string): string {
  return WORDS + normalWords(words);
}

/** @internal By what a stanza has to be known to pass a filter. */
export function keysOfFilter({ classes, parts, namespaces }: FilterSpec): readonly string[] {
  if (namespaces !== undefined) return namespaces.map((ns) => CHILD + ns);
  const payload = parts.find((part) => part.startsWith("namespace "))?.slice("namespace ".length);
  if (payload !== undefined) return classes.map((each) => `${each} ${payload}`);
  return [...new Set(classes.map(baseOfClass))];
}

function keysOf<C>({ keys, when }: Route<C>): readonly string[] | undefined {
  return keys ?? (when && [...new Set(when.flatMap(({ classes }) => classes.map(baseOfClass)))]);
}

function baseOfClass(of: StanzaClass): string {
  if (of === "direct" || of === "private" || of === "room") return "chat";
  return of === "history" ? "groupchat" : of;
}

function baseKey(stanza: Stanza): string {
  switch (stanza.kind) {
    case "iq":
      return stanza.type === "get" ? "iq-get" : stanza.type === "set" ? "iq-set" : "iq";
    case "presence":
      return `presence-${stanza.type}`;
    case "message": {
      const { type } = stanza;
      if (type === "error") return "message-error";
      return type === "normal" ? "chat" : type;
    }
  }
}

function candidates<C>(list: readonly Candidate<C>[]): Candidates<C> {
  return { list, chain: compose(list.map(({ run }) => run)) };
}

function merged<C>(one: readonly Keyed<C>[], other: readonly Keyed<C>[]): Keyed<C>[] {
  return [...one, ...other].sort((a, b) => a.position - b.position);
}

/** Runs what is in any of several lists, by position, and what is in more than one once. */
function runMerged<C>(
  lists: readonly (readonly Candidate<C>[])[],
  pass: Pass<C>,
  next: () => MaybePromise<void>,
): MaybePromise<void> {
  const heads = lists.map(() => 0);
  const step = (): MaybePromise<void> => {
    let first: Candidate<C> | undefined;
    for (const [index, list] of lists.entries()) {
      const head = list[heads[index] ?? 0];
      if (head !== undefined && (first === undefined || head.position < first.position)) first = head;
    }
    if (first === undefined) return next();
    for (const [index, list] of lists.entries()) {
      const at = heads[index] ?? 0;
      if (list[at]?.position === first.position) heads[index] = at + 1;
    }
    return first.run(pass, step);
  };
  return step();
}
