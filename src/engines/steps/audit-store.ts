import { type Client, type Finding, plainArray, sql } from "../../storage/database/database.ts";

export async function countTrades(client: Client): Promise<{ trades: bigint; events: bigint }> {
  const [counts] = await client.query<{ trades: bigint; events: bigint }>(sql`
    select (select count(*) from trades) as trades, (select count(*) from trade_events) as events`);
  return counts ?? { trades: 0n, events: 0n };
}

/**
 * Trades whose money is not that of their hold. Where the money is at institutions, the hold is there too, and
 * reconciliation compares the two; here a trade still has to add up, and what it waits for has to be asked for. At a
 * guarantor the hold goes on for what was collected, until it is freed, and settles only what was claimed.
 */
export function checkMoney(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with place as materialized (
      select exists (select from remote_accounts) and not exists (select from holds) as elsewhere)
    select trades.number::text as id, field.name as field, field.recorded, field.computed
    from trades cross join place
      cross join lateral (select
        coalesce((progress -> 'guarantee' ->> 'collected')::bigint, 0) as collected,
        coalesce((progress -> 'guarantee' ->> 'freed')::bigint, 0) as freed,
        coalesce((progress -> 'guarantee' ->> 'reimbursed')::bigint, 0) as reimbursed,
        (progress -> 'guarantee' ->> 'claimed')::bigint as claimed) as of
      left join (select id, account, currency, amount, settled, released, refunded from holds, place where not elsewhere
        union all select hold, account, currency, amount, settled, released, refunded from trades, place
          where elsewhere and hold is not null) as holds on holds.id = trades.hold
      cross join lateral (values
        ('instruction', trades.pending ->> 'instruction',
          (select id::text from instructions where id = (trades.pending ->> 'instruction')::uuid)),
        ('hold', trades.hold::text, holds.id::text),
        ('amount', trades.amount::text, coalesce(holds.amount, trades.amount)::text),
        ('currency', trades.currency, coalesce(holds.currency, trades.currency)),
        ('account', trades.account::text, coalesce(holds.account, trades.account)::text),
        ('frozen', (trades.frozen + collected - freed)::text, coalesce(holds.amount - holds.settled - holds.released, 0)::text),
        ('collected + claimed', trades.settled::text, coalesce(collected + claimed, trades.settled)::text),
        ('settled', coalesce(claimed, trades.settled)::text, coalesce(holds.settled, 0)::text),
        ('released', (trades.released + freed)::text, coalesce(holds.released, 0)::text),
        ('refunded', (trades.refunded - reimbursed)::text, coalesce(holds.refunded, 0)::text),
        ('frozen + settled + released', (trades.frozen + trades.settled + trades.released)::text,
          case when trades.hold is null then '0' else trades.amount::text end),
        ('given back', case when reimbursed > collected or trades.refunded - reimbursed > coalesce(claimed, trades.settled)
          then 'more than was paid there' else 'no more than was paid' end, 'no more than was paid'),
        ('state', trades.state, case
          when trades.frozen > 0 and trades.state in ('proposed', 'refused', 'settled', 'cancelled', 'expired')
          then 'one in which money is frozen' else trades.state end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Holds that still freeze money and belong neither to one trade nor to one reservation for another server. */
export function checkLiveHolds(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select holds.id::text as id, 'trades and reservations' as field,
      (count(trades.number) + count(distinct reservations.id))::text as recorded, '1' as computed
    from holds left join trades on trades.hold = holds.id left join reservations on reservations.id = holds.id
    where holds.state = 'held' or trades.number is not null
    group by holds.id having count(trades.number) + count(distinct reservations.id) <> 1 limit ${limit}`);
}

/** Trades whose events are not numbered 1, 2, 3 ... up to the trade's version, and events without a trade. */
export function checkEvents(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with numbered as (
      select trade, seq, seq + cardinality(types) as next,
        lag(seq + cardinality(types), 1, 1) over (partition by trade order by seq) as expected
      from trade_events),
    summed as materialized (
      select trade, max(next) - 1 as last, min(seq) filter (where seq <> expected) as wrong,
        min(expected) filter (where seq <> expected) as missing, bool_or(next = seq) as empty
      from numbered group by trade)
    select coalesce(trades.number::text, summed.trade::text) as id, field.name as field, field.recorded,
      field.computed
    from trades full join summed on summed.trade = trades.id
      cross join lateral (values
        ('trade', case when trades.id is null then 'none' else 'some' end, 'some'),
        ('version', trades.version::text, coalesce(summed.last, 0)::text),
        ('event', summed.wrong::text, summed.missing::text),
        ('types', case when summed.empty then 'none' else 'some' end, 'some')
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed
      and (trades.id is not null or field.name = 'trade') limit ${limit}`);
}

export async function countClaims(client: Client): Promise<{ advances: bigint; accounts: bigint }> {
  const [counts] = await client.query<{ advances: bigint; accounts: bigint }>(sql`
    select (select count(*) from advances) as advances, (select count(*) from advance_accounts) as accounts`);
  return counts ?? { advances: 0n, accounts: 0n };
}

/** Claims that were bought and do not say what their trades say, trades that name one which is not there. */
export function checkClaims(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with told as (select number, shop, currency, frozen, progress -> 'advance' as bought from trades
      where progress -> 'advance' is not null)
    select coalesce(told.number, advances.trade)::text as id, field.name as field, field.recorded, field.computed
    from told full join advances on advances.trade = told.number
      cross join lateral (values
        ('shop', advances.shop::text, told.shop::text),
        ('currency', advances.currency, told.currency),
        ('amount', advances.amount::text, told.bought ->> 'amount'),
        ('price', advances.price::text, told.bought ->> 'price'),
        ('paid', advances.paid::text, told.bought ->> 'paid'),
        ('recovered', advances.recovered::text, told.bought ->> 'recovered'),
        ('owed', advances.owed::text, told.bought ->> 'owed'),
        ('nothing frozen', (advances.recovered + advances.owed)::text,
          case when told.frozen = 0 then advances.amount::text
          else (advances.recovered + advances.owed)::text end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Shops whose sums are not those of their claims, with those that are about to be bought. */
export function checkShopsPaidEarly(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with bought as (
      select shop::text, currency, amount - recovered - owed as outstanding, owed, 0 as covering from advances
      union all
      select waiting ->> 'shop', waiting ->> 'currency',
        case when waiting ->> 'change' = 'advanced' then (waiting ->> 'amount')::bigint else 0 end, 0,
        case when waiting ->> 'change' = 'covered' then (waiting ->> 'amount')::bigint else 0 end
      from (select (json_array_elements(pending -> 'advances' -> 'taken'))::json as waiting from trades
        where pending is not null) as under_way),
    summed as (select shop::uuid as shop, currency, sum(outstanding) as outstanding, sum(owed) as owed,
        sum(covering) as covering
      from bought group by shop, currency)
    select coalesce(accounts.shop, summed.shop)::text as id, field.name as field, field.recorded, field.computed
    from advance_accounts accounts full join summed
        on summed.shop = accounts.shop and summed.currency = accounts.currency
      cross join lateral (values
        ('outstanding', coalesce(accounts.outstanding, 0)::text, coalesce(summed.outstanding, 0)::text),
        ('owed and covered', (coalesce(accounts.owed, 0) + coalesce(accounts.covered, 0))::text,
          coalesce(summed.owed, 0)::text),
        ('covering', coalesce(accounts.covering, 0)::text, coalesce(summed.covering, 0)::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Shops whose debts at an institution are not those of their claims there, or do not make up what they owe in all. */
export function checkDebts(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with bought as (
      select shop, currency, institution, sum(owed) as owed from advances
      group by shop, currency, institution having sum(owed) > 0),
    summed as (select shop, currency, sum(owed) as owed, sum(covering) as covering,
        sum(covered) as covered from advance_debts
      group by shop, currency)
    select coalesce(debts.shop, bought.shop)::text as id, 'owed and covered at an institution' as field,
      (coalesce(debts.owed, 0) + coalesce(debts.covered, 0))::text as recorded, coalesce(bought.owed, 0)::text as computed
    from advance_debts debts full join bought on bought.shop = debts.shop and bought.currency = debts.currency
      and bought.institution = debts.institution
    where coalesce(debts.owed, 0) + coalesce(debts.covered, 0) <> coalesce(bought.owed, 0)
    union all
    select coalesce(accounts.shop, summed.shop)::text, field.name, field.recorded, field.computed
    from advance_accounts accounts full join summed
        on summed.shop = accounts.shop and summed.currency = accounts.currency
      cross join lateral (values
        ('owed', coalesce(accounts.owed, 0)::text, coalesce(summed.owed, 0)::text),
        ('covering', coalesce(accounts.covering, 0)::text, coalesce(summed.covering, 0)::text),
        ('covered', coalesce(accounts.covered, 0)::text, coalesce(summed.covered, 0)::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

// What stands beside trades: money that is kept in shops' accounts, and figures. What was settled or happened before
// this server kept them has none, and is not looked for.

type Kept = { locks: bigint; figures: bigint; balances: bigint };

export async function countKept(client: Client): Promise<Kept> {
  const [counts] = await client.query<Kept>(sql`
    select (select count(*) from payout_locks) as locks, (select count(*) from party_figures) as figures,
      (select count(*) from accounts where posted <> 0) as balances`);
  return counts ?? { locks: 0n, figures: 0n, balances: 0n };
}

/**
 * Balances that nobody can reach: their account is closed, or leads neither to a person who is there, nor to a code that
 * nobody has claimed, nor to a shop. What is the server's own is of another kind.
 */
export function checkOwners(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with owned as materialized (
      select m.account from methods m join people p on p.id = m.person
        -- What is left on a credit line that has ended is still its member's: operators pay it out.
        where m.account is not null and (m.state <> 'closed' or m.kind = 'credit') and p.state <> 'erased'
      union all select account from vouchers where claimed_by is null
      union all select account from shop_accounts)
    select a.id::text as id, 'reachable owners' as field, '0' as recorded, 'some' as computed
    from accounts a
    where a.posted <> 0 and a.kind in ('deposit', 'credit', 'prepaid', 'shop')
      and (a.closed or a.id not in (select account from owned))
      -- What still runs on a line that was written off is owed, and what comes to it is less of a loss.
      and not (a.kind = 'credit' and a.id in (select account from bills where state = 'written off')) limit ${limit}`);
}

/**
 * Locks that keep what no buyer can ask back, money that one still can and that nothing keeps, and locks that say another
 * amount, end or account than their trade. One that is over may be gone. What a peer has asked for is no more than was paid.
 */
export function checkLocks(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with kept as (
      select hold, created_at,
        -- A shop that stands for the buyer itself is paid onto the account on which it makes that good.
        (case when (progress -> 'guarantee' -> 'lent' ->> 'lender')::uuid in (shop, chain)
          then progress -> 'guarantee' -> 'lent' ->> 'account' else terms ->> 'shopAccount' end)::uuid as account,
        -- What a collector has paid is kept back there.
        coalesce((progress -> 'guarantee' ->> 'claimed')::bigint, settled) - refunded
          + coalesce((progress -> 'guarantee' ->> 'reimbursed')::bigint, 0)
          - coalesce((progress -> 'guarantee' ->> 'claimedFee')::bigint, (progress ->> 'feeTaken')::bigint, 0)
          + coalesce((progress ->> 'feeReturned')::bigint, 0)
          - coalesce((progress -> 'guarantee' ->> 'reimbursedFee')::bigint, 0) as amount,
        case when open or more then null else cooling_off_until end as until
      from trades cross join lateral (
        select coalesce(progress -> 'refundDue' ->> 'kept' = 'true', false) or exists (
          select from json_array_elements(progress -> 'lots') as lot where lot ->> 'at' = 'withdrawn') as open,
          exists (select from json_array_elements(progress -> 'lots') as lot where lot ->> 'at' <> 'withdrawn')
          or exists (select from rows from (json_array_elements(terms -> 'lines'), json_array_elements(progress -> 'lines'))
            as each (line, so_far) where coalesce(line ->> 'kind', 'goods') in ('goods', 'service')
              and (line ->> 'quantity')::bigint > (so_far ->> 'accepted')::bigint
              + (so_far ->> 'rejected')::bigint + (so_far ->> 'ended')::bigint) as more) as way
      where hold is not null and settled > refunded and (open or cooling_off_until is not null)
        -- What is kept back at an institution, the institution keeps.
        and (exists (select from holds) or not exists (select from remote_accounts))),
    own as (select * from payout_locks where peer is null),
    compared as (
      select coalesce(kept.hold, own.hold) as hold, own.amount as found, kept.amount as due,
        own.account as found_account, kept.account as due_account,
        own.until as found_until, kept.until as due_until,
        own.hold is null and (kept.until <= (select kenshu_now()) - interval '1 minute'
          or kept.created_at < (select applied_at from schema_migrations where name = '0015_standing.sql')) as may_lack
      from (select * from kept where amount > 0) as kept full join own on own.hold = kept.hold)
    select hold::text as id, field.name as field, field.recorded, field.computed
    from compared cross join lateral (values
        ('amount', coalesce(found::text, 'none'), coalesce(due::text, 'none')),
        ('account', found_account::text, due_account::text),
        ('until', coalesce(found_until::text, 'open'), coalesce(due_until::text, 'open'))
      ) as field (name, recorded, computed)
    where may_lack is not true and field.recorded is distinct from field.computed
      and (field.name = 'amount' or (found is not null and due is not null))
    union all
    select locks.hold::text, 'at most', locks.amount::text, coalesce(h.settled - h.refunded, d.paid - d.refunded, 0)::text
    from payout_locks locks left join holds h on h.id = locks.hold left join collections d on d.id = locks.hold
    where locks.peer is not null and locks.amount > coalesce(h.settled - h.refunded, d.paid - d.refunded, 0)
    limit ${limit}`);
}

/** Figures of parties that are not the sum of what happened in their trades. */
export function checkFigures(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with happened as materialized (
      select trades.shop, trades.buyer, trades.carrier, event.type, data -> (event.place - 1)::integer as data
      from trade_events join trades on trades.id = trade_events.trade
        cross join lateral unnest(types) with ordinality as event (type, place)
      where types && array['trade.rejected', 'trade.resolved', 'trade.delivered', 'trade.deadline_near']
        and at >= (select applied_at from schema_migrations where name = '0015_standing.sql')),
    counted as (
      select party, kind, count(*) as count from happened cross join lateral (values
          (shop, 'rejections', type = 'trade.rejected'),
          (buyer, 'rejections', type = 'trade.rejected'),
          (shop, 'disputes_lost', type = 'trade.resolved' and data ->> 'lost' = 'shop'),
          (buyer, 'disputes_lost', type = 'trade.resolved' and data ->> 'lost' = 'buyer'),
          (shop, 'late_deliveries', type in ('trade.delivered', 'trade.deadline_near') and data ->> 'deadline' = 'deliverBy' and data -> 'before' is null),
          (carrier, 'late_deliveries', type in ('trade.delivered', 'trade.deadline_near') and data ->> 'deadline' = 'deliverBy' and data -> 'before' is null)
        ) as figure (party, kind, counts)
      where counts and party is not null group by party, kind)
    select coalesce(figures.party, counted.party)::text as id, coalesce(figures.kind, counted.kind) as field,
      coalesce(figures.count, 0)::text as recorded, coalesce(counted.count, 0)::text as computed
    from party_figures figures full join counted on counted.party = figures.party and counted.kind = figures.kind
    where figures.count is distinct from counted.count limit ${limit}`);
}

/** A trade's money as this server believes it is. Minor units. */
export interface HeldHere {
  number: bigint;
  id: string;
  reservation: string;
  currency: string;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
  /** This server does not know what it costs: its amounts are numbers of pieces. */
  private: boolean;
  /** Something has been asked of the institution and is not answered yet. */
  waits: boolean;
}

/** The trades with these numbers that have a reservation at this institution. */
export function readHeld(
  client: Client,
  institution: string,
  numbers: readonly string[],
): Promise<HeldHere[]> {
  return client.query<HeldHere>(sql`
    select t.number, t.id, t.hold as reservation, t.currency, t.frozen, t.settled, t.refunded,
      coalesce(t.terms->>'private', 'false') = 'true' as private, t.pending is not null as waits
    from trades t join remote_accounts r on r.account = t.account
    where t.number = any(${plainArray(numbers)}::bigint[]) and r.institution = ${institution} and t.hold is not null`);
}

const first = "00000000-0000-0000-0000-000000000000";

/**
 * Trades with money frozen at this institution now, or that ever had some there that was not all given back; in the order in
 * which they were made, from after one of them on.
 */
export function listHeld(
  client: Client,
  institution: string,
  when: "now" | "ever",
  limit: number,
  after: string = first,
): Promise<HeldHere[]> {
  return client.query<HeldHere>(sql`
    select t.number, t.id, t.hold as reservation, t.currency, t.frozen, t.settled, t.refunded,
      coalesce(t.terms->>'private', 'false') = 'true' as private, t.pending is not null as waits
    from trades t join remote_accounts r on r.account = t.account
    where r.institution = ${institution} and t.id > ${after} and t.hold is not null
      and (t.frozen > 0 or (${when} = 'ever' and t.settled > 0))
    order by t.id limit ${limit}`);
}

export interface Sum {
  currency: string;
  frozen: bigint;
  settled: bigint;
  refunded: bigint;
}

/** What all trades come to at an institution whose amounts are known here, per currency. */
export function sumHeld(client: Client, institution: string): Promise<Sum[]> {
  return client.query<Sum>(sql`
    select t.currency, sum(t.frozen)::bigint as frozen, sum(t.settled)::bigint as settled,
      sum(t.refunded)::bigint as refunded
    from trades t join remote_accounts r on r.account = t.account
    where r.institution = ${institution} and t.hold is not null
      and coalesce(t.terms->>'private', 'false') <> 'true'
    group by t.currency order by t.currency`);
}

/** What this server believes an institution to collect for a trade: what it told it, and heard of it. Minor units. */
export interface CollectedHere {
  number: bigint;
  id: string;
  currency: string;
  /** In all; what was paid is part of it. */
  amount: bigint;
  paid: bigint;
  refunded: bigint;
}

/** The trades with these numbers of which this institution was told. */
export function readCollected(
  client: Client,
  institution: string,
  numbers: readonly string[],
): Promise<CollectedHere[]> {
  return client.query<CollectedHere>(sql`
    select number, id, currency, coalesce((progress->'guarantee'->'told'->>'amount')::bigint, 0) as amount,
      coalesce((progress->'guarantee'->>'collected')::bigint, 0) as paid,
      coalesce((progress->'guarantee'->>'reimbursed')::bigint, 0) as refunded
    from trades
    where number = any(${plainArray(numbers)}::bigint[])
      and progress->'guarantee'->>'collector' = ${institution} and progress->'guarantee'->'told' is not null`);
}

/** All trades of which this institution was told, in the order in which they were made, from after one of them on. */
export function listCollected(
  client: Client,
  institution: string,
  limit: number,
  after: string = first,
): Promise<CollectedHere[]> {
  return client.query<CollectedHere>(sql`
    select number, id, currency, coalesce((progress->'guarantee'->'told'->>'amount')::bigint, 0) as amount,
      coalesce((progress->'guarantee'->>'collected')::bigint, 0) as paid,
      coalesce((progress->'guarantee'->>'reimbursed')::bigint, 0) as refunded
    from trades
    where id > ${after} and progress->'guarantee'->>'collector' = ${institution}
      and progress->'guarantee'->'told' is not null
    order by id limit ${limit}`);
}
