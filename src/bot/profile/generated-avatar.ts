import { createHash } from "node:crypto";
import { type Colour, writePng } from "./png.ts";

/** In pixels. */
const SIZE = 96;
/** How many cells the figure has from side to side, and the margin around it, in cells. */
const CELLS = 8;
const MARGIN = 2;
const CELL = SIZE / (CELLS + 2 * MARGIN);

/**
 * Draws an avatar for who has none: a small creature, the same from left and right, on a colour of its own. The same name gives
 * the same picture, to the byte.
 */
export function generateAvatar(name: string): Uint8Array {
  const digest = createHash("sha256").update(name).digest();
  const half = CELLS / 2;
  const isSet = (x: number, y: number): boolean => {
    const column = Math.floor(x / CELL) - MARGIN;
    const row = Math.floor(y / CELL) - MARGIN;
    if (column < 0 || row < 0 || column >= CELLS || row >= CELLS) return false;
    const mirrored = column < half ? column : CELLS - 1 - column;
    if (isEye(mirrored, row)) return false;
    // A body around the eyes, so that whatever comes of the rest has a face.
    if (mirrored > 0 && row >= 2 && row <= 5) return true;
    const bit = row * half + mirrored;
    return (((digest[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
  };
  return writePng(SIZE, [colourOf(digest), [255, 255, 255]], isSet);
}

function isEye(mirrored: number, row: number): boolean {
  return mirrored === 2 && row === 3;
}

/** A hue by the name, dark enough for white upon it. */
function colourOf(digest: Buffer): Colour {
  const hue = digest.readUInt16BE(4) % 360;
  const channel = (shift: number): number => {
    const at = (shift + hue / 30) % 12;
    const value = 0.4 - 0.24 * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255);
  };
  return [channel(0), channel(8), channel(4)];
}
