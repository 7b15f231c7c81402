/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

/** `text` with the secrets struck out. */
export function redact(text: string, secrets: Iterable<string | undefined>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== undefined && secret !== "") clean = clean.replaceAll(secret, REDACTED);
  }
  return clean;
}
