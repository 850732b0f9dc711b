-- Trades and what happened to them. `number` is what people say and type; `id` orders by time and is
-- what append-only tables use, so that new rows lie together. `wake_at` is never later than the next
-- deadline: the sweeper looks then, acts or sets it anew. It is not cleared when a trade ends early, so
-- that the common step (accepted and settled at once) changes no indexed column. `terms` and `progress` are
-- json, not jsonb: they are read and written whole, and taking them apart would cost as much as all indexes.
create table trades (
  number bigint primary key,
  id uuid not null,
  state text not null check (state in ('proposed', 'refused', 'reserved', 'delivered', 'accepted',
    'settled', 'cancelled', 'rejected', 'expired', 'disputed')),
  version integer not null,
  shop uuid not null,
  buyer uuid,
  member bigint,
  carrier uuid,
  provider uuid,
  currency text not null,
  amount bigint not null check (amount > 0),
  frozen bigint not null default 0 check (frozen >= 0),
  settled bigint not null default 0 check (settled >= 0),
  released bigint not null default 0 check (released >= 0),
  refunded bigint not null default 0 check (refunded >= 0),
  method uuid,
  account uuid,
  hold uuid,
  mandate uuid,
  terms json not null,
  progress json not null,
  approve_by timestamptz,
  reserved_until timestamptz,
  ship_by timestamptz,
  accept_by timestamptz,
  payment_date timestamptz,
  cooling_off_until timestamptz,
  wake_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint nothing_lost check (frozen + settled + released in (0, amount)),
  constraint refund_within_settled check (refunded <= settled)
) with (fillfactor = 50);
create index trades_by_shop on trades (shop, id);
create index trades_by_buyer on trades (buyer, id) where buyer is not null;
create index trades_by_carrier on trades (carrier, id) where carrier is not null;
create index trades_by_provider on trades (provider, id) where provider is not null;
create index trades_to_wake on trades (wake_at) where wake_at is not null;

-- One row per command; its events are numbered seq, seq + 1, ... in the order of `types`.
create table trade_events (
  trade uuid not null,
  seq integer not null,
  types text[] not null,
  at timestamptz not null,
  role text not null,
  actor uuid,
  data json,
  primary key (trade, seq)
);
revoke update, delete, truncate on trade_events from kenshu_app;

-- Personal data that belongs to one trade only, kept apart so that it can be erased alone.
create table trade_recipients (
  trade uuid primary key,
  name text not null,
  address text,
  email text,
  phone text
);
