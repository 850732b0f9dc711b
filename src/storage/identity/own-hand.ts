/** Whether two who should be two are one hand, as far as sign-ins tell. */
import { normalEmail } from "./identification.ts";

/** Whether two e-mail addresses are one. */
export function isSameAddress(one: string, other: string): boolean {
  return normalEmail(one) === normalEmail(other);
}
