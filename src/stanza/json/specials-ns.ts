/** @internal XEP-0030. */
export const NS_DISCO_INFO = "http://jabber.org/protocol/disco#info";
/** @internal XEP-0030. */
export const NS_DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
/** @internal XEP-0050. */
export const NS_COMMANDS = "http://jabber.org/protocol/commands";
/** @internal XEP-0071. */
export const NS_XHTML_IM = "http://jabber.org/protocol/xhtml-im";
/** @internal The namespace of XHTML itself. */
export const NS_XHTML = "http://www.w3.org/1999/xhtml";
