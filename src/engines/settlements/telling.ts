/** Settlements are written with the mails that tell of them, in the transaction of the payment. */
import type { Client } from "../../storage/database/database.ts";
import { insertSettlementMails, type MailUse } from "../outbox/outbox.ts";
import { insertSettlements, type NewSettlement } from "./settlement-store.ts";

export type { NewSettlement } from "./settlement-store.ts";

export function writeSettlements(
  client: Client,
  settlements: readonly NewSettlement[],
  use: MailUse,
): Promise<unknown>[] {
  if (settlements.length === 0) return [];
  const mails = settlements.map(({ id, owner, at }) => ({
    settlement: id,
    party: owner,
    kind: "paid from account" as const,
    at,
  }));
  return [insertSettlements(client, settlements), insertSettlementMails(client, mails, use)];
}
