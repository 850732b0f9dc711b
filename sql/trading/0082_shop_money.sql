-- What was frozen, paid, given free and paid back for each shop, counted as events are put into the lists: after the commit, never
-- in its way, and once. See decision 0080.

-- What the lists have seen frozen for a trade, in the row of its shop, and less than nothing where they have seen it paid first. What is
-- no longer frozen then, and was not paid, was given free.
alter table party_trades add column frozen bigint not null default 0;

-- In quarters of an hour, of which the days of every time zone are made.
create table shop_tallies (
  shop uuid not null,
  slot timestamptz not null,
  kind text not null check (kind in ('frozen', 'settled', 'released', 'refunded')),
  currency text not null,
  times bigint not null,
  amount numeric(40) not null,
  fee numeric(40) not null,
  primary key (shop, slot, kind, currency)
) with (fillfactor = 50);

-- The trades behind these figures: those of one pass through the lists in one row.
create table shop_tallied (
  shop uuid not null,
  kind text not null,
  currency text not null,
  slot timestamptz not null,
  position bigint not null,
  numbers bigint[] not null,
  primary key (shop, kind, currency, slot, position)
);

-- What is in the lists already. What was given free stands in no event of every kind, and is what is left: on the day on which the
-- trade last changed.
create temporary table moved on commit drop as
  select to_timestamp(floor(extract(epoch from e.at) / 900) * 900) as slot, t.id, t.number, t.currency, t.shop,
    case said.type when 'trade.reserved' then 'frozen' when 'trade.settled' then 'settled' else 'refunded' end as kind,
    coalesce((said.data ->> 'amount')::numeric, 0) as amount, coalesce((said.data ->> 'fee')::numeric, 0) * (said.type = 'trade.settled')::int as fee,
    e.seq, said.nth,
    e.batch is null or (select b.fed from sealed_batches b where b.id = e.batch) as fed
  from trade_events e
  join trades t on t.id = e.trade
  cross join lateral (select u.type, u.nth, e.data -> (u.nth::int - 1) as data from unnest(e.types) with ordinality u (type, nth)) said
  where e.types && array['trade.reserved', 'trade.settled', 'trade.refunded']
    and said.type in ('trade.reserved', 'trade.settled', 'trade.refunded')
    and t.terms ->> 'private' is distinct from 'true' and t.terms ->> 'earmark' is distinct from 'true';
create temporary table stands on commit drop as
  select t.id, t.number, t.currency, t.shop, to_timestamp(floor(extract(epoch from t.updated_at) / 900) * 900) as slot,
    case when m.unfed then m.gained else t.frozen end as frozen, m.gained - case when m.unfed then m.gained else t.frozen end as freed
  from (select id, bool_or(not fed) as unfed,
      coalesce(sum(case kind when 'frozen' then amount when 'settled' then -amount end) filter (where fed), 0)::bigint as gained
    from moved group by id) m
  join trades t on t.id = m.id;
delete from moved where not fed;
-- Refunds did not say yet what of them the fee account gave: all of it is taken off the fees with the last one.
update moved m set fee = -(t.progress ->> 'feeReturned')::numeric
  from trades t, (select distinct on (id) id, seq, nth from moved where kind = 'refunded' order by id, seq desc, nth desc) last
  where m.id = last.id and m.seq = last.seq and m.nth = last.nth and t.id = m.id;
insert into moved (slot, id, number, currency, shop, kind, amount, fee, fed)
  select slot, id, number, currency, shop, case when freed > 0 then 'released' else 'frozen' end, abs(freed), 0, true
  from stands where freed <> 0;
update party_trades p set frozen = s.frozen from stands s
  where p.party = s.shop and p.id = s.id and p.number = s.number and s.frozen <> 0;
insert into shop_tallies (shop, slot, kind, currency, times, amount, fee)
  select shop, slot, kind, currency, count(*), sum(amount), sum(fee) from moved group by shop, slot, kind, currency;
insert into shop_tallied (shop, kind, currency, slot, position, numbers)
  select shop, kind, currency, slot, (select position from feed_head), array_agg(number order by number)
  from moved group by shop, kind, currency, slot;
