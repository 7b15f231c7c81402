import type { ContactPolicy, DirectoryEntry, PermissionConfig, ProfileDefinition } from "../../bot/index.ts";
import type { CheckedConfig, MountConfig } from "../config.ts";

/** What the process of a bot is told at its start. */
export interface Brief
  extends Pick<MountConfig, "domain" | "upload" | "rooms">,
    Pick<CheckedConfig, "downloads" | "deadline"> {
  readonly name: string;
  /** Where its files are. */
  readonly folder: string;
  readonly config: unknown;
  readonly isCatchAll: boolean;
  /** The level of the log. */
  readonly level: string;
  readonly permissions: PermissionConfig;
  readonly profiles: Readonly<Record<string, ProfileDefinition>>;
  readonly contacts: Readonly<Record<string, ContactPolicy>>;
}

/** The bots of a mount, as one process tells the other. */
export type WrittenDirectory = readonly (Omit<DirectoryEntry, "jid"> & { readonly jid: string })[];

/** A request to a web hook. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** What a web hook answers. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer>;
  /** Why it was refused, where it was. */
  readonly refused: string | undefined;
}
