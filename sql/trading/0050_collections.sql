-- Collections: what is due under a trade number at this institution, on the word of another server, and what was taken for it
-- at counters. Only this database decides whether a due was paid or withdrawn. See docs/between-parties.md and decision 0041.

-- Those who take money for others: a chain of stores, a bank, a carrier at the door. What one has taken and not handed in yet,
-- it owes: an account of this kind goes as far below zero as operators let it.
alter table accounts drop constraint accounts_kind_check,
  add constraint accounts_kind_check
    check (kind in ('deposit', 'credit', 'prepaid', 'shop', 'fee', 'outside', 'suspense', 'collector'));
alter table parties drop constraint parties_kind_check,
  add constraint parties_kind_check check (kind in ('shop', 'carrier', 'provider', 'collector'));
alter table api_keys drop constraint api_keys_owner_kind_check,
  add constraint api_keys_owner_kind_check
    check (owner_kind in ('shop', 'carrier', 'provider', 'collector', 'operator'));
alter table logins drop constraint logins_subject_kind_check,
  add constraint logins_subject_kind_check
    check (subject_kind in ('member', 'operator', 'carrier', 'provider', 'collector', 'shop'));
alter table profile_changes drop constraint profile_changes_subject_kind_check,
  add constraint profile_changes_subject_kind_check
    check (subject_kind in ('member', 'shop', 'carrier', 'provider', 'collector', 'operator'));

-- `id` is the party's, whose kind is `collector` or `carrier`. Its account in each currency has an id made of it.
create table collectors (
  id uuid primary key,
  channel text not null check (channel in ('konbini', 'bank', 'counter', 'cash_on_delivery')),
  created_at timestamptz not null
);
create trigger note_right after insert or update of id, channel or delete on collectors
  for each row execute function note_right('{id}', '{}', '{channel}');

-- What is due, in all, as the server that is the trade's has said last: `version` rises with each word. `payee` and `fee_to` are
-- consents to receive. Of `amount`, `paid` was paid, and of that `refunded` was given back; `kept` waits to be returned to
-- those who paid it; up to `heard`, the server has booked what was paid.
create table collections (
  id uuid primary key,
  trade_number text not null unique check (trade_number ~ '^[0-9]{2,20}$'),
  peer uuid not null,
  version bigint not null check (version >= 0),
  payee uuid not null,
  fee_to uuid,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount >= 0),
  fee bigint not null check (fee >= 0),
  paid bigint not null default 0 check (paid >= 0),
  fee_paid bigint not null default 0 check (fee_paid >= 0),
  refunded bigint not null default 0 check (refunded >= 0),
  kept bigint not null default 0 check (kept >= 0),
  heard bigint not null default 0 check (heard >= 0),
  pay_by timestamptz not null,
  payable_from timestamptz,
  shop_name text,
  reference text,
  paid_at timestamptz,
  created_at timestamptz not null,
  constraint nothing_beyond_the_due check (paid <= amount),
  constraint fee_is_a_part check (fee <= amount and fee_paid <= paid),
  constraint fee_goes_to_somebody check (fee_to is not null or (fee = 0 and fee_paid = 0)),
  constraint refunded_was_paid check (refunded <= paid),
  constraint heard_was_paid check (heard <= paid),
  constraint paid_has_its_time check ((paid > 0) = (paid_at is not null))
) with (fillfactor = 50);
create index collections_by_peer on collections (peer, id);
create index collections_unheard on collections (peer, paid_at, id) where heard < paid;
revoke delete, truncate on collections from kenshu_app;

-- What was taken at a counter, once for each id of whoever took it. `command` is that of the ledger which paid the payee, or
-- put aside what was not due (`kept`); `fee_command` paid the fee of it. Sealed.
create table collection_payments (
  command uuid primary key,
  fee_command uuid,
  collection uuid not null,
  collector uuid not null,
  id uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  fee bigint not null check (fee >= 0),
  channel text not null check (channel in ('konbini', 'bank', 'counter', 'cash_on_delivery')),
  reference text not null,
  state text not null check (state in ('taken', 'kept')),
  operator uuid,
  confirmed_by uuid,
  reason text,
  at timestamptz not null,
  constraint taken_once unique (collector, id),
  constraint fee_is_a_part check (fee <= amount),
  constraint no_fee_of_what_is_kept check (state = 'taken' or (fee = 0 and fee_command is null))
);
create index collection_payments_of on collection_payments (collection, command);
revoke update, delete, truncate on collection_payments from kenshu_app;

-- What went back of what was paid. `reimburse`: from those who had it to what is kept for return; `return`: from there to
-- whoever hands it to the payer. One row for each command of the ledger. Sealed.
create table collection_returns (
  command uuid primary key,
  collection uuid not null,
  kind text not null check (kind in ('reimburse', 'return')),
  account uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  reference text,
  operator uuid,
  confirmed_by uuid,
  at timestamptz not null,
  constraint operators_return check ((kind = 'return') = (operator is not null))
);
create index collection_returns_of on collection_returns (collection, command);
revoke update, delete, truncate on collection_returns from kenshu_app;
