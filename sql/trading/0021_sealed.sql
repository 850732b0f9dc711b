-- A past that cannot be rewritten. Each transaction that writes rows of a sealed table (src/core/log/rows.ts) writes one row
-- here with the root over their hashes; a sealer orders these rows, after their commit, into a log that only grows, and other
-- parties witness its checkpoints. See docs/receipts.md and decision 0021.

-- `seed` is what the salts of the rows are made of; it is told to nobody. `rows` lists the rows in their order, 37 bytes for
-- each: table, key, number within the key, number of the trade, first bytes of the hash. `place` is its number in the log.
create table sealed_batches (
  id uuid primary key,
  at timestamptz not null,
  seed bytea not null,
  rows bytea not null,
  root bytea not null,
  epoch integer,
  place bigint,
  constraint ordered_or_not check ((epoch is null) = (place is null))
);
-- Hashes do not get smaller, so nothing tries.
alter table sealed_batches alter column rows set storage external;
create unique index sealed_batches_by_place on sealed_batches (epoch, place) where place is not null;
create index sealed_batches_waiting on sealed_batches (id) where place is null;
revoke update, delete, truncate on sealed_batches from kenshu_app;
grant update (epoch, place) on sealed_batches to kenshu_app;

-- The batch that a row of events is in: a receipt for it begins there.
alter table trade_events add column batch uuid;

-- The log begins anew only where its database was set back behind what others have witnessed. `statement` is the first
-- leaf of an epoch: what it follows, and which operators said so.
create table log_epochs (
  epoch integer primary key,
  statement text not null,
  begun_at timestamptz not null
);
revoke update, delete, truncate on log_epochs from kenshu_app;

-- The hash of every complete subtree of the log: 2^level leaves from number place * 2^level on.
create table log_nodes (
  epoch integer not null,
  level smallint not null,
  place bigint not null,
  hash bytea not null,
  primary key (epoch, level, place)
);

-- What this server has signed: one row for each time that something was added.
create table log_checkpoints (
  epoch integer not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null,
  primary key (epoch, size)
);

-- How many rows of each sealed table were there before the first batch: they are in no batch, and their number is in the
-- first leaf of the log.
create table unsealed_rows (
  relation text primary key,
  count bigint not null
);
insert into unsealed_rows (relation, count)
  select 'trade_events', count(*) from trade_events
  union all select 'entries', count(*) from (select distinct command from entries) as commands
  union all select 'transfers', count(*) from transfers
  union all select 'peer_transfers', count(*) from peer_transfers
  union all select 'consents', count(*) + count(revoked_at) from consents
  union all select 'operator_acts', count(*) + count(confirmed_at) from operator_acts
  union all select 'party_acts', count(*) from party_acts
  union all select 'lookups', count(*) from lookups
  union all select 'notices', count(*) from notices;
revoke insert, update, delete, truncate on unsealed_rows from kenshu_app;

-- The keys of the log and of the witness are kept like those that sign messages, and sign nothing else.
alter table signing_keys add column purpose text not null default 'messages'
  check (purpose in ('messages', 'log', 'witness'));
create unique index signing_keys_once on signing_keys (purpose) where purpose <> 'messages';

-- Who has witnessed which checkpoint of this log, with the line that proves it.
create table log_cosignatures (
  epoch integer not null,
  size bigint not null,
  witness uuid not null,
  line text not null,
  at timestamptz not null,
  primary key (epoch, witness, size)
);

-- An epoch that is over: a witness holds `note`, signed by this log, which this log does not hold. The database was set
-- back, or its past was changed. `common` leaves are what both have, with `root`. Nothing is added to such an epoch any more.
create table log_halts (
  epoch integer primary key,
  witness uuid not null,
  note text not null,
  common bigint not null,
  root bytea not null,
  at timestamptz not null
);
revoke update, delete, truncate on log_halts from kenshu_app;

-- Operators who want a new epoch behind what is common; the second one begins it.
create table log_epoch_wishes (
  epoch integer not null,
  operator uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (epoch, operator)
);
revoke update, delete, truncate on log_epoch_wishes from kenshu_app;

-- The logs of others that this server witnesses: the key of each as it was first seen, and every checkpoint that it has
-- signed for them. These are never forgotten, since they are what proves that a past was changed.
create table witnessed_keys (
  peer uuid primary key,
  key text not null,
  seen_at timestamptz not null
);
create table witnessed_checkpoints (
  origin text not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  at timestamptz not null,
  primary key (origin, size)
);
revoke update, delete, truncate on witnessed_keys, witnessed_checkpoints from kenshu_app;
