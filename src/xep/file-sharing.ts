import { type Element, el, type Message } from "../stanza/index.ts";
import { buildFileMetadata, type FileMetadata, readFileMetadata } from "./file-metadata.ts";
import { readOutOfBand } from "./oob.ts";

/** XEP-0447: Stateless file sharing; also its feature. */
export const NS_FILE_SHARING = "urn:xmpp:sfs:0";

/** XEP-0103: URL Address Information. */
export const NS_URL_DATA = "http://jabber.org/protocol/url-data";

/** A file that somebody shares. */
export interface SharedFile extends FileMetadata {
  /** Where it is to be had. Whoever fetches it fetches what a stranger has named. */
  readonly url: string;
  /** Whether it is to be shown within the message or as an attachment to it; default: who reads it decides. */
  readonly disposition?: "inline" | "attachment" | undefined;
}

/** The files that a message shares, by XEP-0447 or as mere web addresses (XEP-0066); each address once. */
export function readFiles(message: Message): SharedFile[] {
  const files = new Map<string, SharedFile>();
  for (const sharing of message.element.childrenNamed("file-sharing", NS_FILE_SHARING)) {
    const url = sharing.child("sources")?.child("url-data", NS_URL_DATA)?.attr("target")?.trim();
    if (!url) continue;
    const disposition = DISPOSITIONS.find((known) => known === sharing.attr("disposition"));
    files.set(url, { url, ...readFileMetadata(sharing), disposition });
  }
  for (const { url, description } of readOutOfBand(message)) {
    if (!files.has(url)) files.set(url, { url, description });
  }
  return [...files.values()];
}

const DISPOSITIONS = ["inline", "attachment"] as const;

/** Shares a file. */
export function buildFileSharing({ url, disposition, ...metadata }: SharedFile): Element {
  return el(
    "file-sharing",
    { xmlns: NS_FILE_SHARING, disposition },
    buildFileMetadata(metadata),
    el("sources", {}, el("url-data", { xmlns: NS_URL_DATA, target: url })),
  );
}
