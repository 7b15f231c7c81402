/** One contact on one side (RFC 6121 §2.1.2): who sees whose presence, and what was asked. */
export interface Contact {
  /** Whether the contact's presence is shown to us. */
  readonly to: boolean;
  /** Whether our presence is shown to the contact. */
  readonly from: boolean;
  /** Whether we have asked to see theirs. */
  readonly asked: boolean;
  /** Whether they have asked to see ours. */
  readonly pending: boolean;
}

/** The four presences that change a subscription. */
export type SubscriptionType = "subscribe" | "subscribed" | "unsubscribe" | "unsubscribed";

export const NO_CONTACT: Contact = { to: false, from: false, asked: false, pending: false };

export function isSubscriptionType(type: string | undefined): type is SubscriptionType {
  return type === "subscribe" || type === "subscribed" || type === "unsubscribe" || type === "unsubscribed";
}

/** Our side after we have sent one (RFC 6121 appendix A.2). */
export function afterSending(contact: Contact, type: SubscriptionType): Contact {
  switch (type) {
    case "subscribe":
      return { ...contact, asked: !contact.to };
    case "unsubscribe":
      return { ...contact, to: false, asked: false };
    case "subscribed":
      return contact.pending ? { ...contact, from: true, pending: false } : contact;
    case "unsubscribed":
      return { ...contact, from: false, pending: false };
  }
}

/** Our side after one has come in (RFC 6121 appendix A.3). */
export function afterReceiving(contact: Contact, type: SubscriptionType): Contact {
  switch (type) {
    case "subscribe":
      return contact.from ? contact : { ...contact, pending: true };
    case "unsubscribe":
      return { ...contact, from: false, pending: false };
    case "subscribed":
      return contact.asked ? { ...contact, to: true, asked: false } : contact;
    case "unsubscribed":
      return { ...contact, to: false, asked: false };
  }
}

/** The word of RFC 6121 §2.1.2.5 for it. */
export function subscriptionOf(contact: Contact): "none" | "to" | "from" | "both" {
  if (contact.to) return contact.from ? "both" : "to";
  return contact.from ? "from" : "none";
}
