export type { Contact, ContactResource } from "./contact.ts";
export { Contacts, type ContactsOptions, type WaitingContact } from "./contacts.ts";
export { observing } from "./observing.ts";
export {
  type ContactOptions,
  type ContactPolicy,
  type ContactRules,
  contactRules,
  type Verdict,
} from "./policy.ts";
export type { BotShow } from "./status.ts";
