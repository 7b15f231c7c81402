import { lookup as resolve } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { DownloadError } from "./download-error.ts";
import { isPublicAddress } from "./public-address.ts";

/**
 * Looks a host up for a connection, and gives its addresses only where all of them may be connected to. The connection is made to the
 * very addresses that were checked, so that a name that resolves to something else a moment later gains nothing.
 *
 * @param mayBePrivate the hosts whose addresses are not looked at.
 */
export function guardedLookup(
  mayBePrivate: ReadonlySet<string>,
  lookup: typeof resolve = resolve,
): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "");
      const [first] = addresses;
      if (first === undefined) return callback(new Error(`${host} has no address`), "");
      if (!mayBePrivate.has(host) && !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(notPublic(host), "");
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host that is an address itself, and so is never looked up.
 *
 * @throws DownloadError `address`.
 */
export function guardAddress({ hostname }: URL, mayBePrivate: ReadonlySet<string>): void {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && !mayBePrivate.has(host) && !isPublicAddress(host)) throw notPublic(host);
}

function notPublic(host: string): DownloadError {
  return new DownloadError(
    "address",
    `${host} is not at a public address, so nothing is downloaded from it; where it is a server of yours, list it as downloads.privateHosts`,
  );
}
