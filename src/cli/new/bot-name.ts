import { ScaffoldError } from "./scaffold-error.ts";

/** As long as file systems and people can bear; an address has room for 1,023. */
const LONGEST = 63;

/**
 * Checks what a new bot is to be called.
 *
 * @throws {@link ScaffoldError} with a name that would do, where one can be made of what was given.
 */
export function checkBotName(name: string): void {
  const fits = (text: string): boolean => /^[a-z0-9][a-z0-9._-]*$/.test(text) && text.length <= LONGEST;
  if (fits(name)) return;
  const suggestion = name
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/@.*$/s, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  const mend = fits(suggestion) ? `; call it ${suggestion}` : "";
  throw new ScaffoldError(
    `a bot cannot be called ${JSON.stringify(name)}: its name is the part of its address before the @, so use up to ${LONGEST} lower-case letters, digits, ".", "_" and "-", and a letter or digit first${mend}`,
  );
}
