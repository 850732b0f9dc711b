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
  /** Why an operator books it, and who confirmed it. */
  reason: string | null;
  confirmedBy: string | null;
  /** It went through the suspense account: no till, statement or payout file stood behind it. */
  suspended: boolean;
  at: Date;
}

const columns = `id, kind, account, currency, amount, reference, role, actor, reason, confirmed_by as "confirmedBy",
  suspended, at`;

/** False where the id is taken; a second caller with the same id waits here for the end of the first. */
export async function insertTransfer(client: Client, transfer: Omit<Transfer, "at">): Promise<boolean> {
  const { id, kind, account, currency, amount, reference, role, actor } = transfer;
  const { reason, confirmedBy, suspended } = transfer;
  const inserted = await client.execute(sql`
    insert into transfers (id, kind, account, currency, amount, reference, role, actor, reason, confirmed_by,
      suspended, at)
    values (${id}, ${kind}, ${account}, ${currency}, ${amount}, ${reference}, ${role}, ${actor}, ${reason},
      ${confirmedBy}, ${suspended}, kenshu_now())
    on conflict (id) do nothing`);
  if (inserted === 1) await sealStored(client, "transfers", [id]);
  return inserted === 1;
}

/** The transfers among these commands, by id. */
export async function readTransfers(client: Client, ids: readonly string[]): Promise<Map<string, Transfer>> {
  const rows = await client.query<Transfer>({
    text: `select ${columns} from transfers where id = any($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where the other side of a transfer was seen, and by whom. */
export interface TransferMatch {
  transfer: string;
  reference: string;
  operator: string;
  confirmedBy: string | null;
}

/** False where it was matched before. */
export async function insertMatch(client: Client, match: TransferMatch): Promise<boolean> {
  const { transfer, reference, operator, confirmedBy } = match;
  const inserted = await client.execute(sql`
    insert into transfer_matches (transfer, reference, operator, confirmed_by, at)
    values (${transfer}, ${reference}, ${operator}, ${confirmedBy}, kenshu_now())
    on conflict (transfer) do nothing`);
  if (inserted === 1) await sealStored(client, "transfer_matches", [transfer]);
  return inserted === 1;
}

/** The transfers whose other side nobody has seen yet, the oldest first; `after` is the id of the last one seen. */
export function listUnmatched(client: Client, limit: number, after: string | undefined): Promise<Transfer[]> {
  return client.query<Transfer>({
    text: `select ${columns} from transfers t
      where suspended and not exists (select from transfer_matches m where m.transfer = t.id)
        and ($2::uuid is null or (at, id) > (select at, id from transfers where id = $2))
      order by at, id limit $1`,
    values: [limit, after ?? null],
  });
}

/** How many transfers wait for their other side, and for how many seconds the oldest does. */
export async function readUnmatched(client: Client): Promise<{ count: bigint; seconds: bigint }> {
  const [row] = await client.query<{ count: bigint; seconds: bigint }>(sql`
    select count(*) as count, coalesce(extract(epoch from kenshu_now() - min(at)), 0)::bigint as seconds
    from transfers t where suspended and (select m.transfer from transfer_matches m where m.transfer = t.id) is null`);
  return row ?? { count: 0n, seconds: 0n };
}
