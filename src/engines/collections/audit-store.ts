import { type Client, type Finding, sql, textArray, uuidArray } from "../../storage/database/database.ts";
import { ownDues } from "./funding-store.ts";
import { bankTransfers } from "./world.ts";

type Counts = Record<"collections" | "payments" | "returns" | "fees" | "leaves" | "kept", bigint>;

export async function countCollections(client: Client): Promise<Counts> {
  const [counts] = await client.query<Counts>(sql`
    select (select count(*) from collections) as collections, (select count(*) from collection_payments) as payments,
      (select count(*) from collection_returns) as returns, (select count(*) from collection_fees) as fees,
      (select count(*) from consents where purpose = 'collect') as leaves,
      (select count(distinct currency) from collections) as kept`);
  return counts ?? { collections: 0n, payments: 0n, returns: 0n, fees: 0n, leaves: 0n, kept: 0n };
}

export async function currenciesOfCollections(client: Client): Promise<string[]> {
  const rows = await client.query<{ currency: string }>(sql`
    select distinct currency from collections order by currency`);
  return rows.map(({ currency }) => currency);
}

/** Dues that do not say what was taken and returned for them, or are not their payee's. */
export function checkCollections(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with taken as materialized (
      select collection, coalesce(sum(amount) filter (where state = 'taken'), 0) as paid,
        coalesce(sum(fee), 0) as fee, coalesce(sum(amount) filter (where state = 'kept'), 0) as kept,
        max(at) filter (where state = 'taken') as last
      from collection_payments group by collection),
    back as materialized (
      select collection, coalesce(sum(amount) filter (where kind = 'reimburse'), 0) as refunded,
        coalesce(sum(amount) filter (where kind = 'return'), 0)
          - coalesce(sum(amount) filter (where kind = 'back'), 0) as returned
      from collection_returns group by collection)
    select d.trade_number as id, field.name as field, field.recorded, field.computed
    from collections d left join taken on taken.collection = d.id left join back on back.collection = d.id
      left join payment_news n on n.collection = d.id
      left join consents payee on payee.id = d.payee and payee.peer = d.peer
      left join consents own on own.id = d.fee_to
      left join fundings f on f.id = d.payee and f.trade_number = d.trade_number and d.peer = ${ownDues}::uuid
      cross join lateral (values
        ('paid', d.paid::text, coalesce(taken.paid, 0)::text),
        ('fee', d.fee_paid::text, coalesce(taken.fee, 0)::text),
        ('refunded', d.refunded::text, coalesce(back.refunded, 0)::text),
        ('kept', d.kept::text,
          (coalesce(taken.kept, 0) + coalesce(back.refunded, 0) - coalesce(back.returned, 0))::text),
        ('paid at', d.paid_at::text, taken.last::text),
        ('news', case when d.heard < d.paid then d.paid_at::text end, n.paid_at::text),
        ('payee', case when d.amount > 0 then d.payee::text end, case when d.amount > 0 then coalesce(payee.id, f.id)::text end),
        ('payee''s purpose', coalesce(payee.purpose, 'receive'), 'receive'),
        ('payee''s currency', coalesce(payee.currency, d.currency), d.currency),
        ('own account', coalesce(own.own and own.peer = d.peer, true)::text, 'true')
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Payments that the journal tells otherwise: not all of it moved, or not from whoever took it to whom it was due. */
export function checkPayments(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with legs as materialized (
      select p.command, sum(-e.posted) filter (where e.posted < 0) as moved,
        sum(e.posted) filter (where e.posted > 0 and e.command = coalesce(p.fee_command, case when p.fee = p.amount then p.command end)) as fee,
        count(distinct e.account) filter (where e.posted < 0) as payers, min(e.kind) as kind, max(e.kind) as other,
        min(e.currency) as currency, min(e.at) as at,
        bool_and(case when p.collector = ${bankTransfers}::uuid then a.kind = 'suspense'
          when p.channel = 'account' then a.id = p.collector and a.kind in ('deposit', 'prepaid')
          else a.kind = 'collector' end) filter (where e.posted < 0) as "from"
      from collection_payments p join entries e on e.command in (p.command, p.fee_command)
        join accounts a on a.id = e.account
      group by p.command)
    select p.command::text as id, field.name as field, field.recorded, field.computed
    from collection_payments p left join legs on legs.command = p.command
      left join collections d on d.id = p.collection left join consents payee on payee.id = d.payee
      left join fundings f on f.id = d.payee and d.peer = ${ownDues}::uuid
      left join consents by on by.id = p.consent and by.purpose = 'collect'
      left join entries got on got.command = p.command and got.posted > 0
      cross join lateral (values
        ('entries', 'transfer', case when legs.kind = legs.other then legs.kind else 'none' end),
        ('amount', p.amount::text, legs.moved::text),
        ('fee', p.fee::text, coalesce(legs.fee, 0)::text),
        ('currency', p.currency, legs.currency),
        ('from', 'true', legs."from"::text),
        ('payers', '1', legs.payers::text),
        ('at', p.at::text, legs.at::text),
        ('collection', p.collection::text, d.id::text),
        ('said by', case when p.consent is not null then d.peer::text end, by.peer::text),
        ('whose leave', case when p.consent is not null then p.collector::text end, by.owner::text),
        ('leave in', case when p.consent is not null then p.currency end, by.currency),
        ('to', case when p.state = 'taken' and p.fee < p.amount then coalesce(payee.account, f.account)::text end,
          case when p.state = 'taken' and p.fee < p.amount then got.account::text end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Leaves to collect by which more was taken on a day than they let or than payments say, or something after they had ended. */
export function checkLeaves(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with said as materialized (
      select consent, sum(amount) as amount, max(at) as last from collection_payments
      where consent is not null group by consent)
    select c.id::text as id, field.name as field, field.recorded, field.computed
    from consents c left join said on said.consent = c.id
      cross join lateral (values
        ('taken on a day', 'true', (c.taken <= c.limit_day)::text),
        ('taken', 'true', (c.taken <= coalesce(said.amount, 0))::text),
        ('after its end', 'true', coalesce(said.last <= c.revoked_at, true)::text)
      ) as field (name, recorded, computed)
    where c.purpose = 'collect' and field.recorded is distinct from field.computed limit ${limit}`);
}

/** Returns that the journal tells otherwise. */
export function checkReturns(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select r.command::text as id, field.name as field, field.recorded, field.computed
    from collection_returns r left join collections d on d.id = r.collection
      left join entries gave on gave.command = r.command and gave.posted < 0
      left join entries got on got.command = r.command and got.posted > 0
      cross join lateral (values
        ('entries', 'transfer', coalesce(gave.kind, 'none')),
        ('amount', r.amount::text, got.posted::text),
        ('currency', r.currency, got.currency),
        ('collection', r.collection::text, d.id::text),
        ('account', r.account::text, case r.kind when 'return' then got.account else gave.account end::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** What collectors were paid that the journal tells otherwise, or not for a payment that they took. */
export function checkFees(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select f.command::text as id, field.name as field, field.recorded, field.computed
    from collection_fees f left join collection_payments p on p.command = f.payment
      left join collections d on d.id = f.collection
      left join entries gave on gave.command = f.command and gave.posted < 0
      left join entries got on got.command = f.command and got.posted > 0
      left join entries paid on paid.command = f.payment and paid.posted < 0
      left join entries went on went.command = f.payment and went.posted > 0
      cross join lateral (values
        ('entries', 'transfer', coalesce(gave.kind, 'none')),
        ('amount', f.amount::text, got.posted::text),
        ('currency', f.currency, got.currency),
        ('account', f.account::text, gave.account::text),
        ('collector', f.collector::text, p.collector::text),
        ('collection', f.collection::text, p.collection::text),
        ('to', paid.account::text, got.account::text),
        ('payee', case f.borne_by when 'payee' then f.account::text end, case f.borne_by when 'payee' then went.account::text end),
        ('a tenth at most', 'true', (f.amount <= p.amount / 10 and f.amount <= p.amount - case f.borne_by when 'payee' then p.fee else 0 end)::text),
        ('of a server', 'true', (d.peer <> ${ownDues}::uuid)::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Accounts for what is kept on which something else stands than dues say. */
export function checkKept(
  client: Client,
  limit: number,
  currencies: readonly string[],
  accounts: readonly string[],
): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select wanted.account::text as id, 'kept for return' as field, coalesce(a.posted, 0)::text as recorded,
      coalesce(summed.kept, 0)::text as computed
    from unnest(${textArray(currencies)}::text[], ${uuidArray(accounts)}::uuid[]) as wanted (currency, account)
      left join accounts a on a.id = wanted.account
      left join (select currency, sum(kept) as kept from collections group by currency) summed
        on summed.currency = wanted.currency
    where coalesce(a.posted, 0) <> coalesce(summed.kept, 0) limit ${limit}`);
}
