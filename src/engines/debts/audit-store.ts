import { type Client, type Finding, sql } from "../../storage/database/database.ts";

type Counts = Record<"bills" | "movements" | "lines" | "losses" | "income", bigint>;

export async function countDebts(client: Client): Promise<Counts> {
  const [counts] = await client.query<Counts>(sql`
    select (select count(*) from bills) as bills, (select count(*) from debt_movements) as movements,
      (select count(distinct account) from bills) as lines,
      (select count(*) from accounts where kind = 'losses') as losses,
      (select count(distinct payee) from collections) as income`);
  return counts ?? { bills: 0n, movements: 0n, lines: 0n, losses: 0n, income: 0n };
}

/**
 * Bills that do not say what was charged, recovered and given up for them, whose payments never came to the line, or that ask
 * for what nobody owes. One that has not been looked at since the line changed may be behind it.
 */
export function checkBills(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with moved as materialized (
      select m.bill, coalesce(sum(m.amount) filter (where m.kind = 'fee'), 0) as fees,
        coalesce(sum(m.amount) filter (where m.kind = 'write-off'), 0) as given_up,
        coalesce(sum(m.amount) filter (where m.kind = 'late recovery'), 0) as late,
        coalesce(sum(m.amount) filter (where m.kind = 'recovery' or (m.kind = 'late recovery' and gave.account <> m.account)), 0)
          as collected,
        coalesce(max(m.step), 0) as charged
      from debt_movements m left join entries gave on gave.command = m.command and gave.posted < 0 group by m.bill),
    came as materialized (
      select b.id, coalesce(sum(e.posted), 0) as sum from bills b
        join entries e on e.account = b.account and e.posted > 0 and e.at >= b.made_at group by b.id)
    select b.number::text as id, field.name as field, field.recorded, field.computed
    from bills b left join moved on moved.bill = b.id left join came on came.id = b.id
      left join accounts a on a.id = b.account
      cross join lateral (values
        ('fees', b.fees::text, coalesce(moved.fees, 0)::text),
        ('charged up to step', b.charged::text, coalesce(moved.charged, 0)::text),
        ('written off', b.written_off::text, coalesce(moved.given_up, 0)::text),
        ('late', b.late::text, coalesce(moved.late, 0)::text),
        ('collected', (b.collected - b.returned)::text, coalesce(moved.collected, 0)::text),
        ('paid', b.paid::text, least(b.paid, coalesce(came.sum, 0) - b.credited_before)::text),
        ('line', 'credit ' || b.currency, a.kind || ' ' || a.currency),
        ('owed', (b.amount + b.fees - b.paid - b.written_off)::text, case
          when b.state <> 'open' or b.seen <> a.posted then (b.amount + b.fees - b.paid - b.written_off)
          when b.closing is null then -a.posted
          else least(b.amount + b.fees - b.paid - b.written_off, -a.posted) end::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Movements that the journal tells otherwise: another amount, or not between the line and where it has to be. */
export function checkMovements(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select m.command::text as id, field.name as field, field.recorded, field.computed
    from debt_movements m left join bills b on b.id = m.bill
      left join entries gave on gave.command = m.command and gave.posted < 0
      left join entries got on got.command = m.command and got.posted > 0
      left join accounts source on source.id = gave.account left join accounts target on target.id = got.account
      cross join lateral (values
        ('entries', 'transfer', coalesce(gave.kind, 'none')),
        ('amount', m.amount::text, got.posted::text),
        ('currency', m.currency, got.currency),
        ('at', m.at::text, got.at::text),
        ('line', m.account::text, b.account::text),
        ('from', case m.kind when 'fee' then m.account::text when 'write-off' then 'losses' end,
          case m.kind when 'fee' then gave.account::text when 'write-off' then source.kind end),
        ('to', case m.kind when 'fee' then 'fee' when 'late recovery' then 'losses' else m.account::text end,
          case when m.kind in ('fee', 'late recovery') then target.kind else got.account::text end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/**
 * Lines on which something else is owed than was paid from them and not given back, with the fees, less what was recovered,
 * given up, or came in by transfers. A line on which others have moved money as well is for their own audits.
 */
export function checkLines(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with lines as materialized (select distinct account from bills),
    known as materialized (
      select command, case when kind in ('recovery', 'write-off') then amount else -amount end as sum from debt_movements
      union all
      select id, case when kind = 'deposit' then amount else -amount end from transfers
      where account in (select account from lines)),
    moved as materialized (
      select e.account, coalesce(sum(k.sum), 0) as sum, bool_and(k.command is not null) as known
      from entries e join lines l on l.account = e.account left join known k on k.command = e.command
      where e.kind = 'transfer' group by e.account),
    paid as materialized (
      select h.account, sum(h.settled - h.refunded) as sum from holds h join lines l on l.account = h.account
      group by h.account)
    select l.account::text as id, 'owed' as field, (-a.posted)::text as recorded,
      (coalesce(paid.sum, 0) - coalesce(moved.sum, 0))::text as computed
    from lines l join accounts a on a.id = l.account left join moved on moved.account = l.account
      left join paid on paid.account = l.account
    where coalesce(moved.known, true) and -a.posted <> coalesce(paid.sum, 0) - coalesce(moved.sum, 0) limit ${limit}`);
}

/**
 * Accounts for what comes in for bills on which something else stands than was paid there, less what went back and what is booked on
 * lines. Less of it is a bill that was paid and cannot be booked.
 */
export function checkIncome(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with due as materialized (
      select payee.account, sum(d.paid - d.refunded - coalesce(b.collected - b.returned, 0)) as sum
      from collections d join consents payee on payee.id = d.payee and payee.peer = d.peer
        join accounts a on a.id = payee.account and a.kind = 'suspense'
        left join bills b on b.number::text = d.trade_number
      where payee.own group by payee.account)
    select a.id::text as id, 'paid for bills' as field, a.posted::text as recorded, due.sum::text as computed
    from due join accounts a on a.id = due.account
    where a.posted <> due.sum limit ${limit}`);
}

/** Accounts of losses on which something else stands than was given up and has not come since. */
export function checkLosses(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with lost as materialized (
      select currency, sum(case kind when 'write-off' then amount when 'late recovery' then -amount else 0 end) as sum
      from debt_movements group by currency)
    select a.id::text as id, 'losses' as field, (-a.posted)::text as recorded, coalesce(lost.sum, 0)::text as computed
    from accounts a left join lost on lost.currency = a.currency
    where a.kind = 'losses' and -a.posted <> coalesce(lost.sum, 0) limit ${limit}`);
}
