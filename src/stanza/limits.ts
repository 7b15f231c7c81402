/**
 * How much one XML document may hold before {@link readXml} refuses it. Each is the largest value still allowed, so `0`
 * means that nothing of the kind is allowed, not that there is no limit; `Infinity` takes a limit away.
 */
export interface XmlLimits {
  /**
   * Size in bytes of UTF-8. Default 1,048,576 (1 MiB): Prosody lets 512 KiB in from another server, and its escaping
   * makes that larger.
   */
  readonly bytes: number;
  /** Elements within each other, the root being 1. Default 100, at most 1000, as a tree is walked recursively. */
  readonly depth: number;
  /** Elements in all, with the root. Default 20,000. */
  readonly elements: number;
  /** Attributes of one element, declarations of namespaces among them. Default 64. */
  readonly attributes: number;
  /** Children of one element: elements and runs of text. Default 10,000. */
  readonly children: number;
  /**
   * Length of the name of a namespace in UTF-16 units. Default 256. It is bounded on its own because one long name
   * would be repeated in the key of every attribute that its prefix stands before.
   */
  readonly namespace: number;
}

/** What {@link readXml} allows where nothing else is said. */
export const DEFAULT_XML_LIMITS: XmlLimits = Object.freeze({
  bytes: 1024 * 1024,
  depth: 100,
  elements: 20_000,
  attributes: 64,
  children: 10_000,
  namespace: 256,
});

const LARGEST_DEPTH = 1000;

/**
 * All limits, the defaults standing in for those not given.
 *
 * @throws RangeError when a limit is no whole number from 0 up, or `depth` is over 1000.
 */
export function xmlLimits(limits: Partial<XmlLimits> | undefined): XmlLimits {
  if (limits === undefined || limits === DEFAULT_XML_LIMITS) return DEFAULT_XML_LIMITS;
  const all: XmlLimits = {
    bytes: limits.bytes ?? DEFAULT_XML_LIMITS.bytes,
    depth: limits.depth ?? DEFAULT_XML_LIMITS.depth,
    elements: limits.elements ?? DEFAULT_XML_LIMITS.elements,
    attributes: limits.attributes ?? DEFAULT_XML_LIMITS.attributes,
    children: limits.children ?? DEFAULT_XML_LIMITS.children,
    namespace: limits.namespace ?? DEFAULT_XML_LIMITS.namespace,
  };
  check("bytes", all.bytes);
  check("depth", all.depth, LARGEST_DEPTH);
  check("elements", all.elements);
  check("attributes", all.attributes);
  check("children", all.children);
  check("namespace", all.namespace);
  return all;
}

function check(name: string, value: number, largest = Infinity): void {
  if ((Number.isInteger(value) || value === Infinity) && value >= 0 && value <= largest) return;
  throw new RangeError(
    `the XML limit ${name} is ${value}; give a whole number from 0 to ${largest === Infinity ? "Infinity" : largest}`,
  );
}
