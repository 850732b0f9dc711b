import { type Client, type Finding, sql } from "../../storage/database/database.ts";

export async function countPayouts(client: Client): Promise<Record<"payouts" | "files", bigint>> {
  const [counts] = await client.query<Record<"payouts" | "files", bigint>>(sql`
    select (select count(*) from payouts) as payouts, (select count(*) from payout_files) as files`);
  return counts ?? { payouts: 0n, files: 0n };
}

/** Payouts of which the journal tells otherwise: what left, to where it waits, and what came back from where. */
export function checkPayouts(
  client: Client,
  underWay: string,
  outside: string,
  limit: number,
): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select p.id::text as id, field.name as field, field.recorded, field.computed
    from payouts p left join payout_files f on f.id = p.file
      left join entries paid on paid.command = p.id and paid.leg = 0
      left join entries got on got.command = p.id and got.leg = 1
      left join entries back on back.command = p.back and back.leg = 0
      left join entries home on home.command = p.back and home.leg = 1
      cross join lateral (values
        ('kind', 'transfer', coalesce(paid.kind, 'none')),
        ('amount', p.amount::text, (-paid.posted)::text),
        ('currency', p.currency, paid.currency),
        ('from', p.account::text, paid.account::text),
        ('under way', ${underWay}, got.account::text),
        ('amount back', case when p.back is not null then p.amount::text end, home.posted::text),
        ('back from', case when p.back is not null then case when p.was_done then ${outside} else ${underWay} end end,
          back.account::text),
        ('back to', case when p.back is not null then coalesce(p.back_to, p.account)::text end, home.account::text),
        ('file', case when p.state = 'done' then 'done' when p.state = 'filed' then 'open' end,
          case when p.state = 'done' then f.state
            when p.state = 'filed' and f.state in ('made', 'approved', 'sent') then 'open'
            when p.state = 'filed' then f.state end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Files that do not hold what they say, or were told done without it having left. */
export function checkFiles(client: Client, underWay: string, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with held as materialized (
      select file, count(*) as count, sum(amount) as total,
        coalesce(sum(amount) filter (where state = 'done' or was_done), 0) as gone
      from payouts where file is not null group by file)
    select f.id::text as id, field.name as field, field.recorded, field.computed
    from payout_files f left join held on held.file = f.id
      left join entries paid on paid.command = f.id and paid.leg = 0 and paid.account = ${underWay}::uuid
      cross join lateral (values
        ('payouts', case when f.state <> 'dropped' then f.count::text else '0' end, coalesce(held.count, 0)::text),
        ('total', case when f.state <> 'dropped' then f.total::text else '0' end, coalesce(held.total, 0)::text),
        ('paid', case when f.state = 'done' then coalesce(held.gone, 0) else 0 end::text,
          coalesce(-paid.posted, 0)::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** What waits on the account of what is under way is what has left and neither arrived nor come back. */
export function checkUnderWay(client: Client, underWay: string, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select a.id::text as id, 'under way' as field, a.posted::text as recorded, coalesce(p.sum, 0)::text as computed
    from (select coalesce(sum(amount), 0) as sum from payouts where state in ('waiting', 'filed')) as p
      left join accounts a on a.id = ${underWay}::uuid
    where coalesce(a.posted, 0) <> p.sum limit ${limit}`);
}
