-- What happened, in an order that loses nothing, and by what trades are found. All of it is worked out after the commit from
-- what was committed, never in its way, so that the rows of trades keep the few indexes that a step need not touch.
-- See decision 0036.

-- Batches whose events stand in no list yet. Those of before are entered below.
alter table sealed_batches add column fed boolean not null default false;
update sealed_batches set fed = true;
create index sealed_batches_unfed on sealed_batches (id) where not fed;
grant update (fed) on sealed_batches to kenshu_app;

-- The last position that was given: whoever gives the next ones holds this row.
create table feed_head (
  only_one boolean primary key default true check (only_one),
  position bigint not null
);

-- The events of a party's trades. A position is the time of the event in microseconds, or one more than the last position
-- where that is later: it only grows, and no row is ever entered below one that somebody has read. One row for each row of
-- `trade_events`, with the number of its first event and of its last one.
create table party_events (
  party uuid not null,
  position bigint not null,
  trade uuid not null,
  number bigint not null,
  seq integer not null,
  upto integer not null,
  primary key (party, position)
);

-- The trades of a party by when they were proposed, and by their state.
create table party_trades (
  party uuid not null,
  created_at timestamptz not null,
  id uuid not null,
  number bigint not null,
  state text not null,
  primary key (party, created_at, id)
);
create index party_trades_by_state on party_trades (party, state, created_at, id);

-- A mark is the hash of a reference, or of a key and its value in the metadata (src/engines/feed/marks.ts).
create table trade_marks (
  party uuid not null,
  mark uuid not null,
  created_at timestamptz not null,
  id uuid not null,
  number bigint not null,
  primary key (party, mark, created_at, id)
);

create temporary table parties_of on commit drop as
  select distinct t.number, t.id, t.state, t.created_at, t.terms ->> 'reference' as reference, p.kind, p.party
  from trades t cross join lateral (values ('shop', t.shop), ('shop', t.chain), ('carrier', t.carrier),
    ('provider', t.provider)) as p (kind, party)
  where p.party is not null;
create index on parties_of (id);

with numbered as (
  select e.trade, e.seq, e.seq + cardinality(e.types) - 1 as upto,
    (extract(epoch from e.at) * 1000000)::bigint as at, row_number() over told as nth
  from trade_events e window told as (order by e.at, e.trade, e.seq)),
placed as (select *, nth + max(at - nth) over (order by nth) as position from numbered)
insert into party_events (party, position, trade, number, seq, upto)
  select distinct p.party, placed.position, placed.trade, p.number, placed.seq, placed.upto
  from placed join parties_of p on p.id = placed.trade;
insert into feed_head (position) select coalesce(max(position), 0) from party_events;
insert into party_trades (party, created_at, id, number, state)
  select distinct party, created_at, id, number, state from parties_of;
insert into trade_marks (party, mark, created_at, id, number)
  select distinct party, (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-8' || substr(h, 14, 3) || '-a' || substr(h, 18, 3)
    || '-' || substr(h, 21, 12))::uuid, created_at, id, number
  from parties_of, lateral (select encode(sha256(convert_to('reference' || chr(1) || reference, 'UTF8')), 'hex') as h) as hashed
  where reference is not null;

-- A shop may ask that no two of its trades have one reference: what was used, while it does. The row of the second one finds
-- that of the first, whatever runs beside it.
alter table parties add column unique_references boolean not null default false;
create table taken_references (
  shop uuid not null,
  reference text not null,
  number bigint not null,
  primary key (shop, reference)
);
