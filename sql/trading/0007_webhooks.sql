-- Webhooks: where shops, carriers and providers want to be told of events, and what is on its way to them.

-- The secret is kept as it is, since every message is signed with it. After a rotation the one before signs along
-- until `old_until`. An endpoint that was taken away stays as a row, for its deliveries name it.
create table webhook_endpoints (
  id uuid primary key,
  owner_kind text not null check (owner_kind in ('shop', 'carrier', 'provider')),
  owner uuid not null,
  url text not null,
  types text[] not null,
  secret bytea not null,
  old_secret bytea,
  old_until timestamptz,
  state text not null check (state in ('active', 'disabled', 'deleted')),
  created_at timestamptz not null,
  constraint old_secret_ends check ((old_secret is null) = (old_until is null))
);
create index webhook_endpoints_by_owner on webhook_endpoints (owner, id);

-- One row per event and endpoint, written with the change that it tells of; `id` is the webhook-id. The payload is
-- kept as the text that is sent, so that every attempt carries the same bytes. `next_at` is by the server's clock,
-- which a sandbox moves; `leased_until` is about a process at work, and by the real one.
create table webhook_deliveries (
  id uuid primary key,
  endpoint uuid not null,
  type text not null,
  trade bigint,
  payload text not null,
  attempts smallint not null default 0,
  next_at timestamptz not null,
  leased_until timestamptz,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  last_status smallint,
  last_error text,
  created_at timestamptz not null
) with (fillfactor = 80);
create index webhook_deliveries_waiting on webhook_deliveries (endpoint, next_at) where state = 'waiting';
create index webhook_deliveries_by_endpoint on webhook_deliveries (endpoint, id);
