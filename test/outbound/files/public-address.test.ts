import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress } from "../../../src/outbound/files/public-address.ts";

for (const address of ["8.8.8.8", "93.184.215.14", "2600:1406::1", "2a02:8108::1", "::ffff:8.8.8.8"])
  test(`${address} is public`, () => assert.equal(isPublicAddress(address), true));

for (const [address, what] of [
  ["127.0.0.1", "this machine"],
  ["127.255.255.254", "this machine"],
  ["0.0.0.0", "this machine"],
  ["::1", "this machine"],
  ["::", "this machine"],
  ["10.1.2.3", "a private network"],
  ["172.16.0.1", "a private network"],
  ["192.168.1.1", "a private network"],
  ["fd00::1", "a private network"],
  ["fec0::1", "a site"],
  ["169.254.169.254", "a cloud's metadata"],
  ["fe80::1", "a link"],
  ["fe80::1%eth0", "a link"],
  ["100.64.0.1", "a provider's network"],
  ["198.18.0.1", "benchmarks"],
  ["192.0.2.1", "documentation"],
  ["2001:db8::1", "documentation"],
  ["224.0.0.1", "many"],
  ["ff02::1", "many"],
  ["255.255.255.255", "everybody"],
  ["240.0.0.1", "nobody yet"],
  ["4000::1", "nobody yet"],
  ["::ffff:127.0.0.1", "this machine, written as IPv6"],
  ["::7f00:1", "this machine, written as IPv6 of old"],
  ["64:ff9b::7f00:1", "this machine, behind a translator"],
  ["2002:7f00:1::", "this machine, through a tunnel"],
  ["2001:0:7f00:1::", "a tunnel"],
  ["", "nothing"],
  ["example.com", "a name"],
] as const)
  test(`${JSON.stringify(address)}, ${what}, is not public`, () =>
    assert.equal(isPublicAddress(address), false));
