/** Whether two who should be two are one hand, as far as sign-ins tell. */
import type { Client } from "../database/database.ts";
import { normalEmail } from "./identification.ts";
import { addressHmac } from "./passwords.ts";
import { hasLogin, readSecret } from "./store.ts";

/** Whether somebody signs in for `subject` with this e-mail address. */
export async function signsInWith(client: Client, subject: string, email: string): Promise<boolean> {
  return hasLogin(client, subject, addressHmac(await readSecret(client), normalEmail(email)));
}

/** Whether two e-mail addresses are one. */
export function isSameAddress(one: string, other: string): boolean {
  return normalEmail(one) === normalEmail(other);
}
