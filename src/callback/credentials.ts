import { hash, timingSafeEqual } from "node:crypto";

/**
 * The Basic credentials that callbacks may carry, the userinfo of `rest_callback_url`. Several are accepted while one is being
 * replaced by another.
 */
export class CallbackCredentials {
  readonly #digests: readonly Buffer[];

  /** @param credentials each `user:secret`. */
  constructor(credentials: readonly string[]) {
    this.#digests = credentials.map((each) => digest(`Basic ${Buffer.from(each).toString("base64")}`));
  }

  /** Whether any is configured. */
  get configured(): boolean {
    return this.#digests.length > 0;
  }

  /**
   * Whether an Authorization header carries one of them. Digests of one length are compared, all of them each time, so
   * that the time taken tells nothing.
   */
  accepts(authorization: string | undefined): boolean {
    const given = digest(authorization ?? "");
    let accepted = false;
    for (const known of this.#digests) accepted = timingSafeEqual(given, known) || accepted;
    return accepted;
  }
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
