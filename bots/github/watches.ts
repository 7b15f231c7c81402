/** Who is told of a repository. */
export type Place = {
  /** A bare address. */
  readonly jid: string;
  readonly isRoom: boolean;
};

/** Who is told of which repositories, by `owner/name` or `owner/*` in lower case. */
export type Watches = Record<string, readonly Place[]>;

/** How many repositories can be watched in all places together. */
export const MOST_WATCHES = 200;

/** How a repository is written: GitHub does not tell upper from lower case. */
export const REPOSITORY = /^[a-z\d-]+\/(?:[\w.-]+|\*)$/i;

/** Who is told of an event in a repository. */
export function placesFor(repository: string, ...all: readonly Watches[]): Place[] {
  const name = repository.toLowerCase();
  const keys = [name, `${name.split("/")[0]}/*`];
  const places = all.flatMap((watches) => keys.flatMap((key) => ownOf(watches, key)));
  return [...new Map(places.map((place) => [place.jid, place])).values()];
}

/** The repositories that a place is told of. */
export function watchedIn(jid: string, ...all: readonly Watches[]): string[] {
  const names = all.flatMap((watches) =>
    Object.keys(watches).filter((name) => ownOf(watches, name).some((place) => place.jid === jid)),
  );
  return [...new Set(names)].sort();
}

/** Tells a place of a repository, or no more. @returns whether that is news. */
export function setWatch(watches: Watches, repository: string, place: Place, on: boolean): boolean {
  const name = repository.toLowerCase();
  const others = ownOf(watches, name).filter(({ jid }) => jid !== place.jid);
  const isNews = on === (others.length === ownOf(watches, name).length);
  if (on) watches[name] = [...others, place];
  else if (others.length > 0) watches[name] = others;
  else delete watches[name];
  return isNews;
}

function ownOf(watches: Watches, name: string): readonly Place[] {
  return Object.hasOwn(watches, name) ? (watches[name] ?? []) : [];
}
