import { timingSafeEqual } from "node:crypto";

/**
 * The Basic credentials that callbacks may carry, the userinfo of `rest_callback_url`. Several are accepted while one is being
 * replaced by another.
 */
export class CallbackCredentials {
  readonly #known: readonly Buffer[];
  readonly #given: Buffer;

  /** @param credentials each `user:secret`. */
  constructor(credentials: readonly string[]) {
    const headers = credentials.map((each) => `Basic ${Buffer.from(each).toString("base64")}`);
    // One byte more than any of them has, so that a longer header which begins like one of them differs in it.
    const size = Math.max(0, ...headers.map((header) => header.length)) + 1;
    this.#known = headers.map((header) => padded(Buffer.alloc(size), header));
    this.#given = Buffer.alloc(size);
  }

  /** Whether any is configured. */
  get configured(): boolean {
    return this.#known.length > 0;
  }

  /**
   * Whether an Authorization header carries one of them. Bytes of one length are compared, all of them each time, so
   * that the time taken tells nothing.
   */
  accepts(authorization: string | undefined): boolean {
    const given = padded(this.#given, authorization ?? "");
    let accepted = false;
    for (const known of this.#known) accepted = timingSafeEqual(given, known) || accepted;
    return accepted;
  }
}

/** Writes a header, which Node reads as Latin-1 and which holds no NUL, and NULs up to the end. */
function padded(buffer: Buffer, header: string): Buffer {
  buffer.fill(0);
  buffer.write(header, "latin1");
  return buffer;
}
