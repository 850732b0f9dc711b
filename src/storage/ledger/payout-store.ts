/** What a hold has paid to an account and may not leave the account yet, because a buyer may still ask it back. */
import { bigintArray, type Client, sql, timeArray, uuidArray } from "../database/database.ts";

export interface PayoutLock {
  hold: string;
  account: string;
  /** The server that said so; null where it is this one. */
  peer: string | null;
  amount: bigint;
  /** Null: until it is said. */
  until: Date | null;
}

/** The locks of these holds; behind the locks of the holds themselves they do not change any more. */
export function readPayoutLocks(client: Client, holds: readonly string[]): Promise<PayoutLock[]> {
  return client.query<PayoutLock>(sql`
    select hold, account, peer, amount, until from payout_locks where hold = any(${uuidArray(holds)}::uuid[])`);
}

/** Writes locks as they are now; those of `over` are taken away. */
export function writePayoutLocks(
  client: Client,
  locks: readonly PayoutLock[],
  over: readonly string[],
): Promise<unknown>[] {
  return [
    ...(locks.length === 0 ? [] : [upsertLocks(client, locks)]),
    ...(over.length === 0
      ? []
      : [client.execute(sql`delete from payout_locks where hold = any(${uuidArray(over)}::uuid[])`)]),
  ];
}

function upsertLocks(client: Client, locks: readonly PayoutLock[]): Promise<number> {
  return client.execute(sql`
    insert into payout_locks (hold, account, peer, amount, until)
    select * from unnest(${uuidArray(locks.map(({ hold }) => hold))}::uuid[],
      ${uuidArray(locks.map(({ account }) => account))}::uuid[], ${uuidArray(locks.map(({ peer }) => peer))}::uuid[],
      ${bigintArray(locks.map(({ amount }) => amount))}::bigint[],
      ${timeArray(locks.map(({ until }) => until))}::timestamptz[])
    on conflict (hold) do update set amount = excluded.amount, until = excluded.until`);
}

/**
 * How much of an account's money may not leave it now, and how much of that is by this server's own word. Under the lock of
 * the account it is exact: what is paid into it waits. A batch may decide in the last instant of a buyer's right and be
 * committed a little later, so a lock holds for a minute longer than the right, which is more than a batch may take.
 */
export async function sumPayoutLocks(client: Client, account: string): Promise<{ all: bigint; own: bigint }> {
  const [row] = await client.query<{ all: bigint; own: bigint }>(sql`
    select coalesce(sum(amount), 0)::bigint as all, coalesce(sum(amount) filter (where peer is null), 0)::bigint as own
    from payout_locks
    where account = ${account} and (until is null or until > (select kenshu_now()) - interval '1 minute')`);
  return row ?? { all: 0n, own: 0n };
}

/** Takes away the locks of an account that are over. */
export async function clearPayoutLocks(client: Client, account: string): Promise<void> {
  await client.execute(sql`
    delete from payout_locks where account = ${account} and until <= (select kenshu_now()) - interval '1 minute'`);
}
