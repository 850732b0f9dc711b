-- The books: accounts, holds, entries; the server's clock; the record of first answers.
-- No foreign keys lead from the hot tables: a check per row would cost more than the row. The audit
-- proves the references instead, and nothing is ever deleted from these tables.

-- One clock per server: its database's. A sandbox moves it forward; elsewhere the row stays at zero.
create table test_clock (
  one boolean primary key default true check (one),
  ahead interval not null default interval '0' check (ahead >= interval '0')
);
insert into test_clock default values;

create function kenshu_now() returns timestamptz
  language sql volatile
  return clock_timestamp() + (select ahead from test_clock);

create table accounts (
  id uuid primary key,
  kind text not null check (kind in ('deposit', 'credit', 'prepaid', 'shop', 'fee', 'outside')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  posted bigint not null default 0,
  held bigint not null default 0 check (held >= 0),
  floor bigint not null check (floor <= 0),
  closed boolean not null default false,
  opened_at timestamptz not null,
  constraint floor_kept check (posted - held >= floor)
) with (fillfactor = 50);

create table holds (
  id uuid primary key,
  account uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  settled bigint not null default 0 check (settled >= 0),
  released bigint not null default 0 check (released >= 0),
  refunded bigint not null default 0 check (refunded >= 0),
  state text not null check (state in ('held', 'settled', 'released', 'expired')),
  until timestamptz not null,
  constraint hold_not_exceeded check (settled + released <= amount),
  constraint hold_ends_when_used_up check ((state = 'held') = (settled + released < amount)),
  constraint refund_not_exceeded check (refunded <= settled)
) with (fillfactor = 50);

-- The journal. Every ledger command leaves its legs here; a command's id is used once. `posted` legs of
-- one command and currency sum to zero; `held` legs say what was frozen (+) and unfrozen (-).
create table entries (
  command uuid not null,
  leg smallint not null,
  kind text not null
    check (kind in ('hold', 'settle', 'release', 'expire', 'extend', 'transfer', 'refund')),
  account uuid not null,
  hold uuid,
  currency text not null,
  posted bigint not null,
  held bigint not null,
  until timestamptz,
  at timestamptz not null,
  primary key (command, leg)
);
create index entries_by_account on entries (account, at, command);
revoke update, delete, truncate on entries from kenshu_app;

-- The first answer to every request that carried an Idempotency-Key, written with its effect.
create table answers (
  caller uuid not null,
  key text not null,
  request bytea not null,
  status smallint not null,
  body text not null,
  at timestamptz not null,
  primary key (caller, key)
);

-- Why money came in or went out, and who said so; the money itself is in the entries of the same command.
create table transfers (
  id uuid primary key,
  kind text not null check (kind in ('deposit', 'withdrawal', 'payout')),
  account uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  reference text not null,
  role text not null check (role in ('operator', 'shop')),
  actor uuid not null,
  at timestamptz not null
);
revoke update, delete, truncate on transfers from kenshu_app;

-- The last batch that each group commit has written, by itself. When the answer to a commit was lost, this
-- says whether it happened; PostgreSQL's transaction numbers alone do not, since a crash lets them be used
-- again (decision 0010). One row per start of a server.
create table commits (
  server uuid primary key,
  batch uuid not null
) with (fillfactor = 50);
