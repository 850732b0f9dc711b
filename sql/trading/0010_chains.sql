-- Orders taken for many stores (patent 0026). A chain is a shop, its head, with stores that are shops too. The head
-- proposes a trade with the place where the goods go; the nearest store that can serve it is asked, then the next.

-- The head, once a store has become the trade's shop. Never changed with goods, money or clock.
alter table trades add column chain uuid;
create index trades_by_chain on trades (chain, id) where chain is not null;

-- How long a store may think it over, as an ISO 8601 duration; a chain without a row leaves it the usual time.
create table chains (
  head uuid primary key,
  offer_for text not null
);

-- `postcodes` are beginnings of the codes that it serves; the point is in millionths of a degree. It is open from
-- `opens` to `closes`, minutes of the day in UTC, over midnight where it closes before it opens. `capacity` is how many
-- orders it may have taken and not yet handed over.
create table chain_stores (
  head uuid not null,
  store uuid not null,
  latitude integer check (latitude between -90000000 and 90000000),
  longitude integer check (longitude between -180000000 and 180000000),
  postcodes text[] not null default '{}',
  opens smallint check (opens between 0 and 1439),
  closes smallint check (closes between 0 and 1439),
  capacity integer check (capacity > 0),
  primary key (head, store),
  constraint another_shop check (head <> store),
  constraint whole_point check ((latitude is null) = (longitude is null)),
  constraint somewhere check (latitude is not null or cardinality(postcodes) > 0),
  constraint whole_day check ((opens is null) = (closes is null) and opens <> closes)
);

-- An order that a store is to be found for. Its row is what is locked. Where the goods go is forgotten with its end:
-- `assigned` to a store, `unplaced` when none took it, `over` when there was nothing more to place.
create table routes (
  trade bigint primary key,
  head uuid not null,
  postcode text,
  latitude integer,
  longitude integer,
  state text not null default 'open' check (state in ('open', 'assigned', 'unplaced', 'over')),
  due_at timestamptz not null,
  constraint forgotten_at_the_end check (state = 'open' or num_nonnulls(postcode, latitude, longitude) = 0)
) with (fillfactor = 50);
create index routes_due on routes (due_at) where state = 'open';

-- `taken`: the store has said yes, and becomes the shop; `failed`: it could not, whatever the reason.
create table offers (
  id uuid primary key,
  trade bigint not null references routes,
  head uuid not null,
  store uuid not null,
  state text not null check (state in ('offered', 'taken', 'declined', 'lapsed', 'failed', 'withdrawn')),
  until timestamptz not null,
  offered_at timestamptz not null,
  answered_at timestamptz,
  unique (trade, store)
) with (fillfactor = 70);
create unique index one_offer_at_a_time on offers (trade) where state in ('offered', 'taken');
create index offers_by_store on offers (store, id);
create index offers_by_head on offers (head, id);
