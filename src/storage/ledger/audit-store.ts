import { type Client, type Finding, sql } from "../database/database.ts";

type Counts = {
  accounts: bigint;
  holds: bigint;
  entries: bigint;
};

export async function countBooks(client: Client): Promise<Counts> {
  const [counts] = await client.query<Counts>(sql`
    select (select count(*) from accounts) as accounts, (select count(*) from holds) as holds,
      (select count(*) from entries) as entries`);
  return counts ?? { accounts: 0n, holds: 0n, entries: 0n };
}

/** The end of the range of commands that starts at `from` and has about `rows` legs, and where the next one starts. */
export async function rangeOfCommands(
  client: Client,
  from: string,
  rows: number,
): Promise<{ last: string; next: string | null } | undefined> {
  const [range] = await client.query<{ last: string; next: string | null }>(sql`
    select part.last, (select command from entries where command > part.last order by command limit 1) as next
    from (
      select command as last
      from (select command from entries where command >= ${from}::uuid order by command limit ${rows}) as legs
      order by command desc limit 1
    ) as part`);
  return range;
}

/** What is wrong with the commands of a range, each seen by itself, and how many legs there were. */
export async function checkCommands(
  client: Client,
  from: string,
  last: string,
  limit: number,
): Promise<{ legs: number; findings: Finding[] }> {
  const rows = await client.query<Finding & { legs: bigint }>(sql`
    with part as materialized (
      select command, leg, kind, account, hold, currency, posted, held
      from entries where command between ${from}::uuid and ${last}::uuid),
    wrong as (
      (select command::text as id, 'sum ' || currency as field, sum(posted)::text as recorded, '0' as computed
        from part group by command, currency having sum(posted) <> 0 limit ${limit})
      union all
      (select command::text, 'legs', (max(leg) + 1)::text, count(*)::text
        from part group by command having count(*) <> max(leg) + 1 or min(leg) <> 0 limit ${limit})
      union all
      (select command::text, 'kind', string_agg(distinct kind, ', ' order by kind), null
        from part group by command having count(distinct kind) > 1 limit ${limit})
      union all
      (select command::text, 'hold', hold::text, case kind when 'transfer' then null else command::text end
        from part
        where (kind = 'transfer') <> (hold is null) or (kind = 'hold' and hold <> command) limit ${limit})
      union all
      (select part.command::text, 'account', part.account::text, null
        from part left join accounts on accounts.id = part.account where accounts.id is null limit ${limit})
      union all
      (select part.command::text, 'currency', part.currency, accounts.currency
        from part join accounts on accounts.id = part.account
        where accounts.currency <> part.currency limit ${limit}))
    select id, field, recorded, computed, (select count(*) from part) as legs
    from (values (1)) as one (row) left join wrong on true`);
  const findings = rows.filter((row) => row.id !== null);
  return {
    legs: Number(rows[0]?.legs ?? 0),
    findings: findings.map(({ id, field, recorded, computed }) => ({ id, field, recorded, computed })),
  };
}

/** Accounts that are not the sum of their entries, or stand below their floor. */
export function checkAccounts(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with summed as materialized (
      select account, sum(posted) as posted, sum(held) as held from entries group by account),
    seen as materialized (
      select accounts.id::text as id, accounts.posted, accounts.held, accounts.floor,
        coalesce(summed.posted, 0) as posted_computed, coalesce(summed.held, 0) as held_computed
      from accounts left join summed on summed.account = accounts.id)
    (select id, 'posted' as field, posted::text as recorded, posted_computed::text as computed
      from seen where posted <> posted_computed limit ${limit})
    union all
    (select id, 'held', held::text, held_computed::text from seen where held <> held_computed limit ${limit})
    union all
    (select id, 'floor', floor::text, (posted::numeric - held)::text
      from seen where posted::numeric - held < floor limit ${limit})`);
}

/** Holds that are not what their entries say, and holds of which there are only entries. */
export function checkHolds(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with made as materialized (
      select hold as id,
        coalesce(sum(held) filter (where kind = 'hold'), 0) as amount,
        coalesce(-sum(held) filter (where kind = 'settle'), 0) as settled,
        coalesce(-sum(held) filter (where kind in ('release', 'expire')), 0) as released,
        coalesce(sum(posted) filter (where kind = 'refund' and posted > 0), 0) as refunded,
        max(until) as until,
        max(at) filter (where kind = 'release') as released_at,
        max(at) filter (where kind = 'expire') as expired_at,
        min(account::text) filter (where held <> 0 or kind in ('hold', 'extend')) as account,
        max(account::text) filter (where held <> 0 or kind in ('hold', 'extend')) as other_account,
        min(currency) as currency, max(currency) as other_currency
      from entries where hold is not null group by hold),
    pairs as materialized (
      select coalesce(holds.id, made.id)::text as id, holds.id is null as lost, made.id is null as unmade,
        holds.account::text as account, holds.currency, holds.amount, holds.settled, holds.released,
        holds.refunded, holds.until, holds.state,
        case when made.account is distinct from made.other_account
          then made.account || ', ' || made.other_account else made.account end as account_computed,
        case when made.currency is distinct from made.other_currency
          then made.currency || ', ' || made.other_currency else made.currency end as currency_computed,
        made.amount as amount_computed, made.settled as settled_computed, made.released as released_computed,
        made.refunded as refunded_computed, made.until as until_computed,
        case
          when made.amount > made.settled + made.released then 'held'
          when made.settled > 0 then 'settled'
          -- Both in one batch carry the same instant; then either may have been the last.
          when made.released_at = made.expired_at and holds.state in ('released', 'expired') then holds.state
          when made.expired_at is null or made.released_at > made.expired_at then 'released'
          else 'expired'
        end as state_computed
      from holds full join made on made.id = holds.id),
    fields as (
      select pairs.id, field.name as field, field.recorded, field.computed
      from pairs cross join lateral (values
        ('entries', 'some', case when unmade then 'none' else 'some' end),
        ('hold', case when lost then 'none' else 'some' end, 'some'),
        ('account', account, account_computed), ('currency', currency, currency_computed),
        ('amount', amount::text, amount_computed::text), ('settled', settled::text, settled_computed::text),
        ('released', released::text, released_computed::text),
        ('refunded', refunded::text, refunded_computed::text),
        ('state', state, state_computed), ('until', until::text, until_computed::text)
      ) as field (name, recorded, computed)
      where (lost or unmade or account is distinct from account_computed
          or currency is distinct from currency_computed or amount <> amount_computed
          or settled <> settled_computed or released <> released_computed or refunded <> refunded_computed
          or state <> state_computed or until <> until_computed)
        and (case when lost or unmade then field.name in ('entries', 'hold') else true end))
    select id, field, recorded, computed from fields where recorded is distinct from computed limit ${limit}`);
}
