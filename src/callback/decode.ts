import {
  JidError,
  JsonStanzaError,
  readForm,
  readJson,
  readStanza,
  type Stanza,
  StanzaShapeError,
  type XmlLimits,
  XmlReadError,
} from "../stanza/index.ts";
import { Refusal } from "./refusal.ts";

/** A format in which mod_rest sends stanzas. */
export type WireFormat = "xml" | "json" | "form";

/** The media type of each format, as mod_rest names them. */
export const MEDIA_TYPES: Readonly<Record<WireFormat, string>> = {
  xml: "application/xmpp+xml",
  json: "application/json",
  form: "application/x-www-form-urlencoded",
};

/**
 * The format of a body by its Content-Type. Each callback is read by its own: what the probe agreed on may have changed since.
 *
 * @throws {@link Refusal} for the reason `unsupported-type`.
 */
export function wireFormat(contentType: string | undefined): WireFormat {
  switch (contentType?.split(";", 1)[0]?.trim().toLowerCase()) {
    case MEDIA_TYPES.xml:
      return "xml";
    case MEDIA_TYPES.json:
      return "json";
    case MEDIA_TYPES.form:
      return "form";
    default:
      throw new Refusal(
        "unsupported-type",
        `a callback came as ${JSON.stringify(contentType)}: set rest_callback_content_type to one of ${Object.values(MEDIA_TYPES).join(", ")}`,
      );
  }
}

/**
 * Reads the stanza of a callback.
 *
 * @throws {@link Refusal} for the reason `malformed`.
 */
export function decodeStanza(format: WireFormat, body: Uint8Array, limits: Partial<XmlLimits>): Stanza {
  try {
    const stanza = read(format, body, limits);
    // Looked at here, so that what is no address is refused before anybody relies on it.
    void stanza.from;
    void stanza.to;
    return stanza;
  } catch (error) {
    if (
      error instanceof XmlReadError ||
      error instanceof StanzaShapeError ||
      error instanceof JsonStanzaError ||
      error instanceof JidError
    ) {
      throw new Refusal("malformed", `a callback's body is no stanza: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function read(format: WireFormat, body: Uint8Array, limits: Partial<XmlLimits>): Stanza {
  switch (format) {
    case "xml":
      return readStanza(body, limits);
    case "json":
      return readJson(body, limits);
    case "form":
      return readForm(body, limits);
  }
}
