import type { Client } from "../database/database.ts";
import { openAccounts } from "./store.ts";

/** The lowest balance of the outside world: as much money may come in as a bigint can hold. */
const outsideFloor = -9_000_000_000_000_000_000n;

const prefix = { fee: "00000000-0000-7000-8001", outside: "00000000-0000-7000-8002" } as const;

/** The id of the institution's fee account, or of the world outside, in a currency: one of each, known beforehand. */
export function systemAccount(kind: keyof typeof prefix, currency: string): string {
  const hex = [...currency].map((letter) => letter.charCodeAt(0).toString(16)).join("");
  return `${prefix[kind]}-${hex.padStart(12, "0")}`;
}

/** Opens the server's own accounts. They exist before any trade does. */
export function openSystemAccounts(client: Client, currencies: readonly string[]): Promise<void> {
  return openAccounts(
    client,
    currencies.flatMap((currency) => [
      { id: systemAccount("fee", currency), kind: "fee" as const, currency, floor: 0n },
      { id: systemAccount("outside", currency), kind: "outside" as const, currency, floor: outsideFloor },
    ]),
  );
}
