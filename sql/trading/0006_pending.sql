-- A step of a trade that waits for another server's answer, and what has to reach other servers. An instruction is
-- written in the transaction of the change that wants it, sent after the commit, and deleted with its answer; so the
-- table holds only what is under way.

alter table trades add column pending json;
create index trades_pending on trades (number) where pending is not null;

create table instructions (
  id uuid primary key,
  institution uuid not null,
  trade bigint not null,
  body json not null,
  attempts integer not null default 1,
  -- Real time, not the sandbox's: how long another server may take has nothing to do with deadlines of trades.
  next_at timestamptz not null,
  created_at timestamptz not null
) with (fillfactor = 50);
create index instructions_by_time on instructions (next_at);

-- What this server calls an account, and the consent by which an institution lets it use the account. A payer's has
-- one row, which says where the money is; a shop's has one for each institution that pays it.
create table remote_accounts (
  account uuid not null,
  institution uuid not null,
  consent uuid not null,
  primary key (account, institution)
);

-- A member who is away at an institution to agree to a tie. `state` is what they bring back, kept as its hash.
create table ties (
  state_hash bytea primary key,
  person uuid not null,
  institution uuid not null,
  kind text not null check (kind in ('deposit', 'credit', 'prepaid')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The means of payment that it came to.
  method uuid,
  expires_at timestamptz not null
);
create index ties_by_expiry on ties (expires_at);
