-- Payments for other servers. A consent is the leave that the owner of an account gave one peer (another
-- server, by its id) to use it: `pay` takes money from it, `receive` pays into it. `own` accounts are the
-- peer's. Only `month`, `spent` and `revoked_at` ever change. `month` is the calendar month, in UTC, in which
-- `spent` was reserved; another month starts at nothing.
create table consents (
  id uuid primary key,
  peer uuid not null,
  account uuid not null,
  purpose text not null check (purpose in ('pay', 'receive')),
  own boolean not null default false,
  owner_kind text not null check (owner_kind in ('member', 'shop', 'peer', 'bearer')),
  owner uuid,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  limit_trade bigint check (limit_trade > 0),
  limit_month bigint check (limit_month > 0),
  month date,
  spent bigint not null default 0 check (spent >= 0),
  until timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null,
  constraint bearer_has_no_owner check ((owner_kind = 'bearer') = (owner is null)),
  constraint own_is_the_peers check (own = (owner_kind = 'peer')),
  constraint month_not_exceeded check (limit_month is null or spent <= limit_month)
) with (fillfactor = 50);
create index consents_by_owner on consents (owner, id) where owner is not null;

-- What a person carries back to the peer after agreeing; the peer gives it up for the consent, once.
create table consent_codes (
  hash bytea primary key,
  consent uuid not null,
  expires_at timestamptz not null
);
create index consent_codes_by_expiry on consent_codes (expires_at);

-- Whose hold it is and for which trade; the money is in the hold with the same id. `until` and `state` repeat
-- what the hold says, for the indexes: both are only changed under the hold's lock.
create table reservations (
  id uuid primary key,
  peer uuid not null,
  trade_number text not null check (trade_number ~ '^[0-9]{1,20}$'),
  payer uuid not null,
  payee uuid not null,
  state text not null check (state in ('held', 'settled', 'released', 'expired')),
  until timestamptz not null,
  created_at timestamptz not null
) with (fillfactor = 50);
create index reservations_by_peer on reservations (peer, state, id);
create index reservations_due on reservations (until) where state = 'held';

-- Money moved between accounts on a peer's word, outside of any reservation, and for which trade.
create table peer_transfers (
  id uuid primary key,
  peer uuid not null,
  trade_number text not null check (trade_number ~ '^[0-9]{1,20}$'),
  payer uuid not null,
  payee uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  at timestamptz not null
);
revoke update, delete, truncate on peer_transfers from kenshu_app;
