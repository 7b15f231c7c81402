import { createHash } from "node:crypto";

/** A picture to be an avatar. */
export interface Image {
  readonly data: Uint8Array;
  /** Its media type. */
  readonly type: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  /** Its SHA-1 in lower-case hexadecimal digits, by which XEP-0084 and XEP-0153 know it. */
  readonly id: string;
  /** In pixels, where the format tells. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/**
 * The largest avatar, in bytes: it goes into one stanza, as Base64, and XEP-0084 §3 would have it far smaller. Servers take
 * stanzas of 256 KiB as a rule.
 */
export const LARGEST_AVATAR = 128 * 1024;

/**
 * Looks at what is to be an avatar.
 *
 * @param source what to call it in an error.
 * @throws TypeError when it is no PNG, JPEG, GIF or WebP; RangeError when it is too large.
 */
export function readImage(data: Uint8Array, source: string): Image {
  if (data.length > LARGEST_AVATAR) {
    throw new RangeError(
      `the avatar ${source} has ${data.length} bytes, and at most ${LARGEST_AVATAR} fit into a stanza: make it smaller, such as a PNG of 96 × 96 pixels`,
    );
  }
  const bytes = Buffer.from(data);
  const known = formats.find(({ is }) => is(bytes));
  if (known === undefined) {
    throw new TypeError(
      `the avatar ${source} is no picture that XMPP clients show: give a PNG, or a JPEG, GIF or WebP`,
    );
  }
  const { width, height } = known.size(bytes) ?? {};
  return { data, type: known.type, id: createHash("sha1").update(data).digest("hex"), width, height };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Format {
  readonly type: Image["type"];
  is(bytes: Buffer): boolean;
  size(bytes: Buffer): Size | undefined;
}

const formats: readonly Format[] = [
  {
    type: "image/png",
    is: (bytes) => bytes.length >= 24 && bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n",
    size: (bytes) => ({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }),
  },
  {
    type: "image/gif",
    is: (bytes) => bytes.length >= 10 && /^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)),
    size: (bytes) => ({ width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  },
  { type: "image/jpeg", is: (bytes) => bytes.toString("hex", 0, 3) === "ffd8ff", size: jpegSize },
  {
    type: "image/webp",
    is: (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
    size: () => undefined,
  },
];

/** Goes from marker to marker up to the one that begins the picture (ITU T.81 §B.2.2). */
function jpegSize(bytes: Buffer): Size | undefined {
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
