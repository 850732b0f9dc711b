-- What members bring to their own accounts under a number of their own (0070), what they pay from there, what collectors are
-- paid for collecting, and how what is kept for return goes back. See decision 0048.

-- A due of the institution's own: it pays the account of a member. `id` is also the `payee` of its row in `collections`, whose `peer`
-- is the institution itself.
create table fundings (
  id uuid primary key,
  account uuid not null,
  trade_number text not null unique,
  amount bigint not null check (amount > 0),
  until timestamptz not null,
  created_at timestamptz not null,
  -- Nothing is taken under its number any more, or all of it was.
  ended_at timestamptz
);
create index fundings_of_account on fundings (account, id);
create index fundings_by_end on fundings (until) where ended_at is null;
revoke delete, truncate on fundings from kenshu_app;

-- A member pays from an account here, too.
alter table collection_payments
  drop constraint collection_payments_channel_check,
  add constraint collection_payments_channel_check
    check (channel in ('konbini', 'bank', 'counter', 'cash_on_delivery', 'account'));

-- `back`: a payout to whoever had paid it came back, and it is kept again.
alter table collection_returns
  drop constraint collection_returns_kind_check,
  drop constraint operators_return,
  add constraint collection_returns_kind_check check (kind in ('reimburse', 'return', 'back')),
  add constraint operators_return check ((kind = 'return') = (operator is not null));

-- What a collector is paid for each collection: a sum and a part, and by whom. What is not set is no part of what was noted of a right.
alter table collectors
  add column fee_fixed bigint check (fee_fixed >= 0),
  add column fee_basis_points integer check (fee_basis_points between 0 and 10000),
  add column fee_borne_by text check (fee_borne_by in ('institution', 'payee')),
  add constraint fee_is_whole check (num_nonnulls(fee_fixed, fee_basis_points, fee_borne_by) in (0, 3));
drop trigger note_right on collectors;
create trigger note_right
  after insert or update of id, channel, fee_fixed, fee_basis_points, fee_borne_by or delete on collectors
  for each row execute function note_right('{id}', '{}', '{channel,fee_fixed,fee_basis_points,fee_borne_by}');

-- Such a fee, by the command of the ledger that paid it out of `account`. Sealed.
create table collection_fees (
  command uuid primary key,
  payment uuid not null,
  collection uuid not null,
  collector uuid not null,
  borne_by text not null check (borne_by in ('institution', 'payee')),
  account uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  at timestamptz not null,
  constraint fee_once unique (payment)
);
create index collection_fees_of on collection_fees (collection);
revoke update, delete, truncate on collection_fees from kenshu_app;
