-- What happens at this server, counted as it is put into the lists of its parties: after the commit, never in its way, and
-- once, since a batch is fed once. For the page that shows operators how it goes. See decision 0074.

-- In quarters of an hour, of which the days of every time zone are made. `shop` is all zeros but for what is counted by
-- shop, `currency` is empty where no money is counted.
create table tallies (
  slot timestamptz not null,
  kind text not null,
  currency text not null,
  shop uuid not null,
  times bigint not null,
  amount numeric(40) not null,
  primary key (slot, kind, currency, shop)
) with (fillfactor = 50);

-- From its delivery to its acceptance a trade took between 1.1^step and 1.1^(step + 1) seconds, by when it was accepted.
create table tallied_waits (
  slot timestamptz not null,
  step smallint not null,
  times bigint not null,
  primary key (slot, step)
) with (fillfactor = 50);

-- The trades behind these figures: those of one pass through the lists in one row, so that a trade costs eight bytes and no
-- entry of an index. `position` is the one that the last event of that pass was given.
create table tallied_trades (
  kind text not null,
  currency text not null,
  shop uuid not null,
  slot timestamptz not null,
  position bigint not null,
  numbers bigint[] not null,
  primary key (kind, currency, shop, slot, position)
);

-- How many trades stand where.
create table trade_states (
  state text primary key,
  trades bigint not null
) with (fillfactor = 50);

-- Trades by where they stand, whoever they are of.
create index party_trades_of_all on party_trades (state, created_at, id);

-- What is in the lists already.
create temporary table happened on commit drop as
  select to_timestamp(floor(extract(epoch from e.at) / 900) * 900) as slot, e.trade, e.seq, e.at, t.number, t.currency, t.shop,
    said.type, case when t.terms ->> 'private' = 'true' then 0 else coalesce((said.data ->> 'amount')::numeric, 0) end as amount,
    said.type = 'trade.expired' and t.hold is null as ran_out
  from trade_events e
  join trades t on t.id = e.trade
  cross join lateral (select u.type, e.data -> (u.nth::int - 1) as data from unnest(e.types) with ordinality u (type, nth)) said
  where e.types && array['trade.reserved', 'trade.accepted', 'trade.settled', 'trade.refunded', 'trade.rejected', 'trade.disputed', 'trade.expired']
    and (e.batch is null or (select b.fed from sealed_batches b where b.id = e.batch));
create temporary table kinds on commit drop as
  select h.slot, k.kind, case when k.counts then h.currency else '' end as currency, case when k.by_shop then h.shop else '00000000-0000-0000-0000-000000000000' end as shop,
    h.number, h.trade, h.seq, h.at, case when k.counts then h.amount else 0 end as amount
  from happened h join (values ('trade.reserved', 'frozen', false, true), ('trade.accepted', 'accepted', false, false),
    ('trade.settled', 'settled', false, true), ('trade.refunded', 'refunded', false, true), ('trade.rejected', 'rejected', true, false),
    ('trade.disputed', 'disputed', true, false), ('trade.expired', 'ran_out', false, false)) as k (type, kind, by_shop, counts)
    on k.type = h.type and (h.type <> 'trade.expired' or h.ran_out);
insert into tallies (slot, kind, currency, shop, times, amount)
  select slot, kind, currency, shop, count(*), sum(amount) from kinds group by slot, kind, currency, shop;
insert into tallied_trades (kind, currency, shop, slot, position, numbers)
  select kind, currency, shop, slot, (select position from feed_head), array_agg(number order by at, trade, seq)
  from kinds group by kind, currency, shop, slot;
insert into tallied_waits (slot, step, times)
  select slot, step, count(*) from (
    select k.slot, least(greatest(floor(ln(greatest(extract(epoch from k.at - d.at), 1)) / ln(1.1)), 0), 200)::smallint as step
    from kinds k cross join lateral (select max(at) as at from trade_events
      where trade = k.trade and seq < k.seq and types && array['trade.delivered']) d
    where k.kind = 'accepted' and d.at is not null) as waits
  group by slot, step;
insert into trade_states (state, trades)
  select p.state, count(*) from party_trades p join trades t on t.number = p.number and p.party = coalesce(t.chain, t.shop)
  group by p.state;
