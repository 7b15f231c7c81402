/** Something new cannot be made where it was asked for; the message says why, and what to do. */
export class ScaffoldError extends Error {
  override name = "ScaffoldError";
}
