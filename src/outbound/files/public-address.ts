import ipaddr from "ipaddr.js";

/** All of IPv6 that is given out to networks (RFC 4291 §2.4, the IANA's registry): the rest is not public, whatever it will be. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an IP address belongs to a machine on the public internet, by the IANA's special-purpose registries: not to this machine,
 * its network, a cloud's metadata service, or a range that carries another address inside.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_UNICAST);
}
