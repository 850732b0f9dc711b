-- What an operator lets a party do, what became of a party's trades, and what of a shop's money may not leave yet.

-- Whether an operator has found a carrier or provider to be nobody's but its own: what it says was seen then counts.
alter table parties
  add column independent boolean not null default false,
  add constraint shops_are_not_independent check (not (independent and kind = 'shop'));

-- How far an operator lets a shop go; a shop without a row has the usual standing. `frozen_limits` are minor units by
-- currency. Where they are set, the row is what is locked while more is frozen for the shop: a limit holds however many
-- processes reserve at once.
create table standings (
  shop uuid primary key references parties,
  frozen_limits json,
  settle_after text,
  word boolean not null,
  paid_early boolean not null,
  paid_out_early boolean not null
);

-- Who marked a party as independent or set its standing, when, why, and to what.
create table party_acts (
  id uuid primary key,
  party uuid not null references parties,
  kind text not null check (kind in ('independence', 'standing')),
  value json not null,
  reason text not null,
  operator uuid not null,
  at timestamptz not null
);
create index party_acts_by_party on party_acts (party, kind, id);
revoke update, delete, truncate on party_acts from kenshu_app;

-- How often something went wrong in trades of a party: a shop, a carrier, a provider, or a buyer by the person's id.
create table party_figures (
  party uuid not null,
  kind text not null check (kind in ('rejections', 'disputes_lost', 'late_deliveries')),
  count bigint not null check (count > 0),
  primary key (party, kind)
) with (fillfactor = 70);

-- Disputes, kept beside their trades so that those which wait for an operator are found. `seq` is the event that opened
-- it and `opened_by` the role that did; `answer_by` and `decide_by` follow the trade. A trade has one at a time.
create table disputes (
  trade bigint not null,
  seq integer not null,
  opened_at timestamptz not null,
  opened_by text not null,
  answer_by timestamptz,
  decide_by timestamptz not null default 'infinity',
  ended_at timestamptz,
  outcome text check (outcome in ('shop_lost', 'buyer_lost', 'neither_lost')),
  primary key (trade, seq),
  constraint outcome_at_the_end check ((ended_at is null) = (outcome is null))
) with (fillfactor = 70);
create unique index one_open_dispute on disputes (trade) where ended_at is null;
create index disputes_open on disputes (decide_by, trade) where ended_at is null;

insert into disputes (trade, seq, opened_at, opened_by)
  select t.number, e.seq, e.at, e.role
  from trades t cross join lateral (
    select seq, at, role from trade_events
    where trade = t.id and 'trade.disputed' = any(types) order by seq desc limit 1) e
  where t.state = 'disputed';

-- What a hold has paid to an account and may not leave it before `until`; without an end, until it is said. `peer` is the
-- server that said so, null where it is this one. It stands apart from holds and trades, whose rows change at every
-- step: most of them never have such a row. What was settled before this file has none, and may leave as it could.
create table payout_locks (
  hold uuid primary key,
  account uuid not null,
  peer uuid,
  amount bigint not null check (amount > 0),
  until timestamptz
) with (fillfactor = 70);
create index payout_locks_by_account on payout_locks (account);
create index shop_accounts_by_account on shop_accounts (account);
