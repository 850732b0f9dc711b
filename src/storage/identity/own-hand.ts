/** Whether two who should be two are one hand, as far as sign-ins tell. */
import { normalEmail } from "./identification.ts";

/** Whether two e-mail addresses lead to one mailbox: what stands behind a plus sign only sorts the mail (RFC 5233). */
export function isSameAddress(one: string, other: string): boolean {
  return mailboxOf(one) === mailboxOf(other);
}

const mailboxOf = (email: string): string => normalEmail(email).replace(/\+[^@]*(?=@)/, "");
