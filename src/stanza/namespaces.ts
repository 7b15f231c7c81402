/** Namespaces of XMPP Core and XML itself; each extension keeps its own in its file under `xep/`. */

/** RFC 6120 §4.8.2: the content namespace of stanzas between a client (or component host) and its server. */
export const NS_CLIENT = "jabber:client";

/** RFC 6120 §8.3.3: the conditions of stanza errors. */
export const NS_STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

/** The namespace that the prefix `xml` always stands for (Namespaces in XML §3). */
export const NS_XML = "http://www.w3.org/XML/1998/namespace";

/** The namespace that the prefix `xmlns` always stands for (Namespaces in XML §3). */
export const NS_XMLNS = "http://www.w3.org/2000/xmlns/";
