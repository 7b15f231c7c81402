import { z } from "zod";
import { DEFAULT_DOWNLOAD_BYTES, DEFAULT_DOWNLOAD_TIMEOUT } from "../outbound/index.ts";
import { Jid } from "../stanza/index.ts";

/** Where the bots of one domain upload files to. */
export const uploadFields = {
  upload: z
    .strictObject({
      /** The address of the upload service (XEP-0363), such as upload.example.org; default: found by asking the server. */
      service: z
        .string()
        .refine(
          (text) => Jid.isValid(text),
          "is no address; give that of the upload service, such as upload.example.org",
        )
        .optional(),
      /** Whether files may travel over plain HTTP to another machine; default: no. */
      allowInsecure: z.boolean().default(false),
    })
    .prefault({}),
};

const host = z
  .string()
  .regex(
    /^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[0-9a-f:.]+)$/,
    "is no host; give a name such as files.example.org, in small letters and without a port",
  );

const downloads = z.strictObject({
  /** Whether bots may download what people share. */
  enabled: z.boolean().default(false),
  /** The largest file, in bytes. */
  maxBytes: z.int().positive().default(DEFAULT_DOWNLOAD_BYTES),
  /** How long one may take, in milliseconds. */
  timeout: z.int().positive().max(600_000).default(DEFAULT_DOWNLOAD_TIMEOUT),
  /** The only hosts to download from; default: all on the public internet. */
  hosts: z
    .array(host)
    .min(1, "is empty, so nothing could be downloaded; leave it out for all, or set enabled to false")
    .optional(),
  /** Hosts whose addresses may be private, such as your own upload service. */
  privateHosts: z.array(host).default([]),
});

/** Whether bots may download what people share, and how much. */
export const downloadFields = { downloads: downloads.prefault({}) };
