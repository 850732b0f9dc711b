import { type Client, sql } from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";

export const transferKinds = ["deposit", "withdrawal", "payout"] as const;
export type TransferKind = (typeof transferKinds)[number];

/** Money that came in from outside or went out, and by whose word. */
export interface Transfer {
  id: string;
  kind: TransferKind;
  account: string;
  currency: string;
  amount: bigint;
  reference: string;
  role: "operator" | "shop";
  actor: string;
  at: Date;
}

/** False where the id is taken; a second caller with the same id waits here for the end of the first. */
export async function insertTransfer(client: Client, transfer: Omit<Transfer, "at">): Promise<boolean> {
  const { id, kind, account, currency, amount, reference, role, actor } = transfer;
  const inserted = await client.execute(sql`
    insert into transfers (id, kind, account, currency, amount, reference, role, actor, at)
    values (${id}, ${kind}, ${account}, ${currency}, ${amount}, ${reference}, ${role}, ${actor}, kenshu_now())
    on conflict (id) do nothing`);
  if (inserted === 1) await sealStored(client, "transfers", [id]);
  return inserted === 1;
}

/** The transfers among these commands, by id. */
export async function readTransfers(client: Client, ids: readonly string[]): Promise<Map<string, Transfer>> {
  const rows = await client.query<Transfer>(sql`
    select id, kind, account, currency, amount, reference, role, actor, at
    from transfers where id = any(${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row]));
}
