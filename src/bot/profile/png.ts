import { crc32, deflateSync } from "node:zlib";

/** A colour by its red, green and blue, each from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Writes a square picture of two colours as PNG. It is not compressed: with another zlib the bytes would be others, and with
 * them the hash by which clients know an avatar.
 *
 * @param size in pixels; a multiple of 8.
 * @param isSet whether a pixel has the second colour.
 */
export function writePng(
  size: number,
  colours: readonly [Colour, Colour],
  isSet: (x: number, y: number) => boolean,
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // One bit a pixel, colours from the palette.
  header.set([1, 3, 0, 0, 0], 8);
  const row = 1 + size / 8;
  const pixels = Buffer.alloc(row * size);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (isSet(x, y)) {
        const at = y * row + 1 + (x >> 3);
        pixels[at] = (pixels[at] ?? 0) | (0x80 >> (x & 7));
      }
  return new Uint8Array(
    Buffer.concat([
      SIGNATURE,
      chunk("IHDR", header),
      chunk("PLTE", Buffer.from(colours.flat())),
      chunk("IDAT", deflateSync(pixels, { level: 0 })),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
