-- What stands on an account is paid out to an account at a bank: asked for or by a schedule, gathered into files for the
-- bank, approved by two operators, and booked back where it comes back. See decisions 0042 and 0043.

-- The account at a bank to which an account of the ledger is paid out. `details` is sealed under a key that goes by `id`: bank,
-- branch, number and holder, and the account of the ledger, so that a row that was moved to another one is known. `asked`: two
-- operators are about to name it. It pays nobody before `usable_from`: whoever was told has so long to take it away.
create table bank_accounts (
  id uuid primary key,
  account uuid not null,
  details bytea not null,
  state text not null check (state in ('asked', 'named', 'ended')),
  usable_from timestamptz not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint ended_has_its_time check ((state = 'ended') = (ended_at is not null))
);
create index bank_accounts_by_account on bank_accounts (account);
create unique index bank_accounts_one on bank_accounts (account) where state = 'named';
create unique index bank_accounts_asked on bank_accounts (account) where state = 'asked';
create index bank_accounts_over on bank_accounts (coalesce(ended_at, created_at)) where state <> 'named';

-- When an account is paid out by itself, and the least that is. `on_day`: of a week from 1, Monday; of a month from 1.
create table payout_schedules (
  account uuid primary key,
  every text not null check (every in ('day', 'week', 'month')),
  on_day smallint not null check (on_day between 1 and 31),
  least bigint not null check (least > 0),
  next_on date not null
);
create index payout_schedules_due on payout_schedules (next_on);

-- A file for the bank. `digest` is of its bytes as 総合振込, `xml_digest` as pain.001: what was approved is what goes. It holds no
-- more than a field of a file can, and whoever made it is not the one who confirms it.
create table payout_files (
  id uuid primary key,
  number bigint not null unique check (number between 1000000000 and 9999999999),
  currency text not null,
  pay_on date not null,
  count integer not null check (count between 1 and 999999),
  total bigint not null check (total between 1 and 999999999999),
  digest bytea not null,
  xml_digest bytea not null,
  state text not null check (state in ('made', 'approved', 'sent', 'done', 'dropped')),
  made_by uuid not null,
  approved_by uuid,
  confirmed_by uuid,
  made_at timestamptz not null,
  approved_at timestamptz,
  sent_at timestamptz,
  done_at timestamptz,
  -- What the bank's statement calls it.
  reference text,
  constraint approved_before_it_goes check (state in ('made', 'dropped') or approved_by is not null),
  constraint no_second_of_their_own check (confirmed_by is null or confirmed_by <> made_by and confirmed_by <> approved_by)
);
create index payout_files_open on payout_files (id) where state in ('made', 'approved', 'sent');

-- Money that has left an account of the ledger for a bank, by a transfer with the same id. It waits on the account of what is
-- under way until its file is told done, or comes back by a transfer with the id `back`.
create table payouts (
  id uuid primary key,
  account uuid not null,
  bank_account uuid not null,
  currency text not null,
  amount bigint not null check (amount between 1 and 9999999999),
  state text not null check (state in ('waiting', 'filed', 'done', 'returned', 'cancelled')),
  role text not null check (role in ('owner', 'operator', 'clock')),
  file uuid references payout_files,
  line integer,
  created_at timestamptz not null,
  ended_at timestamptz,
  back uuid unique,
  -- Where what came back went, if the account was closed by then.
  back_to uuid,
  -- It came back after its file had been told done.
  was_done boolean not null default false,
  reason text,
  constraint filed_has_its_place check ((state in ('filed', 'done', 'returned')) = (file is not null)
    and num_nonnulls(file, line) <> 1),
  constraint came_back_by_a_transfer check ((state in ('returned', 'cancelled')) = (back is not null)),
  constraint ended_has_its_time check ((state in ('waiting', 'filed')) = (ended_at is null))
);
create index payouts_waiting on payouts (created_at, id) where state = 'waiting';
create index payouts_by_account on payouts (account, created_at, id);
create index payouts_by_bank_account on payouts (bank_account) where state in ('waiting', 'filed');
create unique index payouts_once_in_file on payouts (file, line) where file is not null;

-- What a bank has said in a message, by the digest of its bytes: once. `booking` is what was booked of it: ids and reasons.
create table payout_reports (
  digest bytea primary key,
  booking json not null,
  operator uuid not null,
  confirmed_by uuid,
  at timestamptz not null
);

-- Who has taken a file away, with the names and numbers in it.
create table payout_downloads (
  id uuid primary key,
  file uuid not null references payout_files,
  format text not null,
  operator uuid not null,
  at timestamptz not null
);
create index payout_downloads_by_file on payout_downloads (file, id);
revoke update, delete, truncate on payout_reports, payout_downloads from kenshu_app;
revoke delete, truncate on payouts, payout_files from kenshu_app;

-- Owners are told of each payout by mail, and of a new account at a bank as of other changes of what is known of them.
alter table mails
  add column payout uuid,
  drop constraint about_one,
  add constraint about_one
    check (num_nonnulls(trade, settlement, letter, payout) = 1 and num_nonnulls(trade, seq) <> 1),
  drop constraint mails_reader_check,
  add constraint mails_reader_check check (reader in ('buyer', 'recipient', 'shop', 'holder', 'self', 'payee')),
  add constraint payee_reads_payouts check ((reader = 'payee') = (payout is not null));
create unique index mails_once_of_payout on mails (payout, kinds) where payout is not null;
alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account'));
alter table profile_changes
  drop constraint profile_changes_field_check,
  add constraint profile_changes_field_check
    check (field in ('password', 'name', 'address', 'email', 'phone', 'bank account'));
