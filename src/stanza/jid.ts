import { isIP, isIPv6 } from "node:net";
import { toASCII, toUnicode } from "tr46";
import { checkIdentifier, opaqueString, PrecisError, usernameCaseMapped } from "./precis.ts";

/** Thrown when a string is no JID. The message says which part is wrong and why. */
export class JidError extends Error {
  override name = "JidError";
}

/**
 * An address of XMPP (RFC 7622): `localpart@domainpart/resourcepart`, in which only the domain must be there.
 *
 * @example
 * ```ts
 * import { Jid } from "restanza/stanza";
 *
 * const jid = Jid.parse("Juliet@Example.com/balcony");
 * jid.local;           // "juliet"
 * String(jid.bare);    // "juliet@example.com"
 * ```
 */
export class Jid {
  /** Who, at the domain; `undefined` for the domain itself. */
  readonly local: string | undefined;
  /** The server, component or room service. */
  readonly domain: string;
  /** The device of a user, or the nickname in a room; `undefined` in a bare JID. */
  readonly resource: string | undefined;

  private constructor(local: string | undefined, domain: string, resource: string | undefined) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
  }

  /**
   * Reads an address that a person or a bot wrote, and brings it into its one canonical spelling.
   *
   * @throws {@link JidError} when it breaks RFC 7622 §3.
   */
  static parse(text: string | Jid): Jid {
    if (text instanceof Jid) return text;
    const [local, domain, resource] = split(text);
    return Jid.of(local, domain, resource);
  }

  /**
   * Puts an address together from its parts, each checked and brought into its canonical spelling.
   *
   * @throws {@link JidError}
   */
  static of(local: string | undefined, domain: string, resource?: string): Jid {
    return new Jid(
      local === undefined ? undefined : localpart(local),
      domainpart(domain),
      resource === undefined ? undefined : part("resourcepart", resource, opaqueString),
    );
  }

  /**
   * Reads an address that a server has already brought into its canonical spelling. Servers differ in which strings
   * they let through (Prosody still prepares by RFC 6122), so only the shape is checked: a bot must not turn away
   * somebody whom the server has let in.
   *
   * @throws {@link JidError} when it has no domain, a part is empty or over 1023 bytes, or it holds control characters.
   */
  static fromWire(text: string): Jid {
    const [local, domain, resource] = split(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters to refuse
    if (/[\x00-\x1f\x7f]/.test(text))
      throw new JidError(`${quote(text)} is no JID: it holds a control character`);
    checkLength("localpart", local);
    checkLength("domainpart", domain);
    checkLength("resourcepart", resource);
    return new Jid(local, domain, resource);
  }

  /** Whether a string is a JID by RFC 7622. */
  static isValid(text: string): boolean {
    try {
      Jid.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  /** This address without the resource. */
  get bare(): Jid {
    return this.resource === undefined ? this : new Jid(this.local, this.domain, undefined);
  }

  /** Whether it names no resource. */
  get isBare(): boolean {
    return this.resource === undefined;
  }

  /**
   * This address with another resource.
   *
   * @throws {@link JidError}
   */
  withResource(resource: string): Jid {
    return new Jid(this.local, this.domain, part("resourcepart", resource, opaqueString));
  }

  /** Whether both are the same address. A string is read as {@link Jid.parse} reads it. */
  equals(other: Jid | string): boolean {
    const that = typeof other === "string" ? Jid.parse(other) : other;
    return this.local === that.local && this.domain === that.domain && this.resource === that.resource;
  }

  toString(): string {
    const bare = this.local === undefined ? this.domain : `${this.local}@${this.domain}`;
    return this.resource === undefined ? bare : `${bare}/${this.resource}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** RFC 7622 §3.1: the resource starts at the first slash, the localpart ends at the first @ before it. */
function split(text: string): [string | undefined, string, string | undefined] {
  const slash = text.indexOf("/");
  const bare = slash === -1 ? text : text.slice(0, slash);
  const at = bare.indexOf("@");
  return [
    at === -1 ? undefined : bare.slice(0, at),
    at === -1 ? bare : bare.slice(at + 1),
    slash === -1 ? undefined : text.slice(slash + 1),
  ];
}

function localpart(text: string): string {
  const prepared = part("localpart", text, usernameCaseMapped);
  // RFC 7622 §3.3.1: these would be read as something else where a JID stands in a URI, a header or XML. Looked for
  // afterwards, because a full-width "@" has become one by then.
  const excluded = /["&'/:<>@]/.exec(prepared);
  if (excluded)
    throw new JidError(
      `the localpart ${quote(text)} may not hold ${quote(excluded[0])} (XEP-0106 tells how to escape it)`,
    );
  return prepared;
}

function part(name: string, text: string, profile: (text: string) => string): string {
  // No profile makes a text shorter than a third of itself.
  checkLength(name, text, 3 * LARGEST_PART);
  let prepared: string;
  try {
    prepared = profile(text);
  } catch (error) {
    if (error instanceof PrecisError)
      throw new JidError(`the ${name} ${quote(text)} is not valid: ${error.message}`);
    throw error;
  }
  checkLength(name, prepared);
  return prepared;
}

/** RFC 7622 §3.2: an IPv6 literal, an IPv4 address, or a host name, whose international labels stand in Unicode. */
function domainpart(text: string): string {
  const literal = /^\[(.*)\]$/.exec(text);
  if (literal ? isIPv6(literal[1] as string) : isIP(text) === 4) return text.toLowerCase();
  checkLength("domainpart", text, 3 * LARGEST_PART);
  const name = text.replace(/[.\u3002\uff0e\uff61]$/, "");
  const domain = plainHost.test(name) ? name.toLowerCase() : internationalHost(name);
  if (domain === undefined || !domain.split(".").every(isLabel)) {
    throw new JidError(`the domainpart ${quote(text)} is no host name`);
  }
  checkLength("domainpart", domain);
  return domain;
}

const plainHost = /^(?!(?:.*\.)?xn--)[a-z0-9.-]+$/i;

/** UTS 46, then what IDNA2008 (RFC 5892) does not let into a label though UTS 46 would. */
function internationalHost(name: string): string | undefined {
  const options = { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true };
  const { domain, error } = toUnicode(name, options);
  if (error || toASCII(domain, { ...options, verifyDNSLength: true }) === null) return undefined;
  try {
    for (const label of domain.split(".")) checkIdentifier(label);
  } catch (problem) {
    if (problem instanceof PrecisError) return undefined;
    throw problem;
  }
  return domain;
}

function isLabel(label: string): boolean {
  return label.length > 0 && label.length <= 63 && !label.startsWith("-") && !label.endsWith("-");
}

/** RFC 7622 §3.1: octets of UTF-8 in each part. */
const LARGEST_PART = 1023;

function checkLength(name: string, part: string | undefined, largest = LARGEST_PART): void {
  if (part === undefined) return;
  if (part === "") throw new JidError(`a JID has no empty ${name}; leave it out with its separator`);
  // Three bytes a UTF-16 unit at most, so that only a long part is worth encoding.
  if (part.length * 3 > largest && Buffer.byteLength(part) > largest) {
    throw new JidError(`the ${name} ${quote(part)} is over ${LARGEST_PART} bytes`);
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
