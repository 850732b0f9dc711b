/** What was proved, by the real clock: how long a challenge lasts does not change when a sandbox moves its own. */
import { type Client, sql } from "../database/database.ts";

/** The instant by the real clock, in milliseconds. */
export async function realClock(client: Client): Promise<number> {
  const [row] = await client.query<{ at: Date }>(sql`select clock_timestamp() as at`);
  if (row === undefined) throw new Error("The clock was asked and has said nothing.");
  return row.at.getTime();
}

/**
 * Uses a proof up, once: of any number at once one is `first`, the others are told for what it was used. Undefined where it is
 * over. Sweeps some that are over.
 */
export async function useProof(
  client: Client,
  proof: { mark: Buffer; usedFor: Buffer; until: Date },
): Promise<{ first: boolean; usedFor: Buffer } | undefined> {
  await client.execute(sql`
    delete from proofs_used where mark = any(array(
      select mark from proofs_used where until < clock_timestamp() limit 200 for update skip locked))`);
  const entered = await client.execute(sql`
    insert into proofs_used (mark, used_for, until)
    select ${proof.mark}, ${proof.usedFor}, ${proof.until} where ${proof.until}::timestamptz > clock_timestamp()
    on conflict (mark) do nothing`);
  if (entered === 1) return { first: true, usedFor: proof.usedFor };
  const before = await usedFor(client, proof.mark);
  return before && { first: false, usedFor: before };
}

/** For what a proof was used; undefined where it was not, or is over. */
export async function usedFor(client: Client, mark: Buffer): Promise<Buffer | undefined> {
  const [row] = await client.query<{ usedFor: Buffer }>(sql`
    select used_for as "usedFor" from proofs_used where mark = ${mark} and until > clock_timestamp()`);
  return row?.usedFor;
}

/**
 * Counts what a session alone moves; answers false where it comes to more than `most` within a day of the first of it, and is not
 * counted. In one statement, so that of any number at once no more goes through.
 */
export async function countMoved(
  client: Client,
  moved: { login: string; currency: string; amount: bigint; usedFor: Buffer; most: bigint },
): Promise<boolean> {
  const { login, currency, amount, usedFor: use, most } = moved;
  const counted = await client.execute(sql`
    insert into moved_by_session as m (login, currency, since, amount, used_for)
    values (${login}, ${currency}, clock_timestamp(), ${amount}, ${use})
    on conflict (login, currency) do update set
      since = case when m.since < clock_timestamp() - interval '1 day' then excluded.since else m.since end,
      amount = case
        when m.since < clock_timestamp() - interval '1 day' then excluded.amount
        when m.used_for = excluded.used_for then m.amount
        else m.amount + excluded.amount end,
      used_for = excluded.used_for
    where m.since < clock_timestamp() - interval '1 day' or m.used_for = excluded.used_for
      or m.amount + excluded.amount <= ${most}`);
  return counted === 1;
}
