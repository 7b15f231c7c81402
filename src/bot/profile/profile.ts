import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { el, writeXml } from "../../stanza/index.ts";
import { generateAvatar } from "./generated-avatar.ts";
import { type Image, readImage } from "./image.ts";

/** What a bot shows of itself; all of it has a default. */
export interface ProfileDefinition {
  /** What it goes by in lists of contacts (XEP-0172); default: its name. */
  readonly nick?: string | undefined;
  /**
   * Its picture: the file as a `file:` URL or a path, or the bytes themselves; a PNG, or else a JPEG, GIF or WebP, of at most 128
   * KiB. Small is better, such as 96 × 96 pixels: everybody who sees the bot fetches it. `false` for none; default: one that is
   * drawn from its name.
   */
  readonly avatar?: URL | string | Uint8Array | false | undefined;
  /** What it is, for who looks closer; default: its summary. */
  readonly description?: string | undefined;
  /** Where there is more about it. */
  readonly url?: string | undefined;
  /** The software that it tells who asks (XEP-0092); default: restanza and its version. */
  readonly software?: { readonly name: string; readonly version: string } | undefined;
}

/** What a bot shows of itself, all of it settled. */
export interface Profile {
  readonly nick: string;
  readonly avatar: Image | undefined;
  readonly description: string;
  readonly url: string | undefined;
  readonly software: { readonly name: string; readonly version: string };
}

/**
 * Settles what a bot shows of itself.
 *
 * @param override what the operator has it show instead.
 * @throws TypeError when something of it cannot be shown; RangeError when the avatar is too large; Error when its file cannot be read.
 */
export function profileOf(
  bot: { readonly name: string; readonly summary: string; readonly profile?: ProfileDefinition | undefined },
  override: ProfileDefinition = {},
): Profile {
  const shown = { ...bot.profile, ...given(override) };
  const { nick = bot.name, avatar, description = bot.summary, url, software = OWN_SOFTWARE } = shown;
  if (nick.trim() === "") {
    throw new TypeError(`the nick of ${bot.name} is empty: give what it goes by, or leave it out`);
  }
  for (const text of [nick, description, software.name, software.version]) assertText(text, bot.name);
  if (url !== undefined && !URL.canParse(url)) {
    throw new TypeError(
      `the url of ${bot.name} is none: ${JSON.stringify(url)}; give one such as https://example.org/bot`,
    );
  }
  return {
    nick,
    avatar: avatar === false ? undefined : image(avatar ?? generateAvatar(bot.name)),
    description,
    url,
    software,
  };
}

function assertText(text: string, bot: string): void {
  try {
    writeXml(el("text", {}, text));
  } catch (error) {
    throw new TypeError(
      `the profile of ${bot} cannot be told: ${JSON.stringify(text)} has characters that XML has not; take them out`,
      { cause: error },
    );
  }
}

function image(avatar: URL | string | Uint8Array): Image {
  if (avatar instanceof Uint8Array) return readImage(avatar, "given as bytes");
  const path = avatar instanceof URL || avatar.startsWith("file:") ? filePath(avatar) : avatar;
  return readImage(readAvatar(path), path);
}

function filePath(url: URL | string): string {
  if (!String(url).startsWith("file:")) {
    throw new TypeError(
      `the avatar ${url} is not a file here: give a path, or new URL("./avatar.png", import.meta.url)`,
    );
  }
  return fileURLToPath(url);
}

function readAvatar(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the avatar ${path} cannot be read (${code}): give the path of a picture`, {
      cause: error,
    });
  }
}

/** Without what is not given: it must not hide what the bot itself has. */
function given(override: ProfileDefinition): ProfileDefinition {
  return Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined));
}

const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const OWN_SOFTWARE = { name: "restanza", version };
