/** The domain whose bots are asked. */
export const DOMAIN = "bots.test";

/** What Prosody's callback URL carries. */
export const AUTH = "prosody:a-secret-for-the-benchmark";

/** What signs the callbacks over lasting connections. */
export const KEY = "whsec_cmVzdGFuemEtYmVuY2htYXJrLWtleS1vZi0zMi1ieXRlcw==";

/** What is said, and said back. */
export const WORDS = "Hello, how are you today?";

/** What the servers that are compared with always answer. */
export const CONSTANT = `<message type='chat'><body>${WORDS}</body></message>`;

/** The media type of stanzas in XML. */
export const XML = "application/xmpp+xml";
