import { type Client, type Finding, sql } from "../../storage/database/database.ts";

type Counts = Record<"reservations" | "consents" | "transfers" | "accounts", bigint>;

export async function countReservations(client: Client): Promise<Counts> {
  const [counts] = await client.query<Counts>(sql`
    select (select count(*) from reservations) as reservations, (select count(*) from consents) as consents,
      (select count(*) from peer_transfers) as transfers, (select count(*) from peer_advances) as accounts`);
  return counts ?? { reservations: 0n, consents: 0n, transfers: 0n, accounts: 0n };
}

/** Reservations that do not say what their holds say, or froze what no consent allowed. */
export function checkReservations(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select r.id::text as id, field.name as field, field.recorded, field.computed
    from reservations r left join holds h on h.id = r.id
      left join consents payer on payer.id = r.payer left join consents payee on payee.id = r.payee
      left join told_amounts told on r.private and told.peer = r.peer and told.trade_number = r.trade_number
        and told.shop = payee.owner
      cross join lateral (values
        ('hold', 'some', case when h.id is null then 'none' else 'some' end),
        ('state', r.state, coalesce(h.state, r.state)),
        ('until', r.until::text, coalesce(h.until, r.until)::text),
        ('payer', r.payer::text, payer.id::text),
        ('payee', r.payee::text, payee.id::text),
        ('account', coalesce(payer.account, h.account)::text, coalesce(h.account, payer.account)::text),
        ('currency', coalesce(payer.currency, h.currency), coalesce(h.currency, payer.currency)),
        ('payee''s currency', coalesce(payee.currency, h.currency), coalesce(h.currency, payee.currency)),
        ('payer''s peer', coalesce(payer.peer, r.peer)::text, r.peer::text),
        ('payee''s peer', coalesce(payee.peer, r.peer)::text, r.peer::text),
        ('payer''s purpose', coalesce(payer.purpose, 'pay'), 'pay'),
        ('amount told', case when r.private then told.amount::text end, case when r.private then h.amount::text end),
        ('payee''s purpose', coalesce(payee.purpose, 'receive'), 'receive')
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Consents that count something else than was reserved in their month and not released within it; and those that lead nowhere. */
export function checkConsents(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with reserved as materialized (
      select c.id, sum(e.held) as spent
      from consents c
        join reservations r on r.payer = c.id and r.created_at >= c.month_from and r.created_at < c.month_until
        join entries e on e.hold = r.id and e.kind in ('hold', 'release', 'expire') and e.at < c.month_until
      where c.limit_month is not null group by c.id)
    select c.id::text as id, field.name as field, field.recorded, field.computed
    from consents c left join reserved on reserved.id = c.id left join accounts a on a.id = c.account
      cross join lateral (values
        ('spent', c.spent::text, coalesce(reserved.spent, 0)::text),
        ('account', c.account::text, a.id::text),
        ('currency', c.currency, coalesce(a.currency, c.currency))
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Accounts of which something else is kept than a peer has paid into them and not had back beyond its fees. */
export function checkPeerAdvances(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with moved as (
      select c.peer, c.account, t.amount from peer_transfers t join consents c on c.id = t.payee and not c.own
      union all
      select c.peer, c.account, -e.posted
      from reservations r join consents c on c.id = r.payee and c.fee_fixed is not null
        join holds h on h.id = r.id
        join entries e on e.hold = r.id and e.kind in ('settle', 'refund') and e.account not in (h.account, c.account)
          -- What was refunded went to the payer, or to whom the payer's money has gone.
          and not (e.kind = 'refund' and e.posted > 0)
      union all
      select c.peer, c.account, r.fee_taken from reservations r join consents c on c.id = r.payee where r.fee_taken <> 0),
    summed as (select peer, account, sum(amount) as amount from moved group by peer, account)
    select coalesce(kept.account, summed.account)::text as id, 'paid before' as field,
      coalesce(kept.amount, 0)::text as recorded, coalesce(summed.amount, 0)::text as computed
    from peer_advances kept full join summed on summed.peer = kept.peer and summed.account = kept.account
    where coalesce(kept.amount, 0) <> coalesce(summed.amount, 0) limit ${limit}`);
}

/** Transfers on a peer's word that the journal tells otherwise. */
export function checkPeerTransfers(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    select t.id::text as id, field.name as field, field.recorded, field.computed
    from peer_transfers t left join consents payer on payer.id = t.payer
      left join consents payee on payee.id = t.payee
      left join entries paid on paid.command = t.id and paid.leg = 0
      left join entries got on got.command = t.id and got.leg = 1
      cross join lateral (values
        ('kind', 'transfer', coalesce(paid.kind, 'none')),
        ('amount', t.amount::text, (-paid.posted)::text),
        ('currency', t.currency, paid.currency),
        ('from', payer.account::text, paid.account::text),
        ('to', payee.account::text, got.account::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}
