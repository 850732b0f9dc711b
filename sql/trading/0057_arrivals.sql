-- What arrives at the institution's bank: statements that operators bring, the entries in them that brought money, and what
-- became of each: it paid a due, went back, or waits for two operators. See decision 0048.

-- A file. `content` is what was read of it, sealed, until two operators have agreed to book it; the file itself is kept nowhere.
-- Its `id` is made of the digest of its bytes. `count` entries brought `total`, of which `known` had been booked from other files.
create table bank_statements (
  id uuid primary key,
  digest bytea not null unique,
  form text not null check (form in ('statement', 'notice', 'camt.053')),
  state text not null check (state in ('asked', 'booked')),
  count integer not null check (count >= 0),
  known integer not null default 0 check (known between 0 and count),
  total bigint not null check (total >= 0),
  first_day date,
  last_day date,
  content bytea,
  operator uuid not null,
  confirmed_by uuid,
  asked_at timestamptz not null,
  booked_at timestamptz,
  constraint booked_has_its_time check ((state = 'booked') = (booked_at is not null)),
  constraint content_until_booked check ((state = 'asked') = (content is not null))
);
create index bank_statements_asked on bank_statements (asked_at) where state = 'asked';

-- An entry of the bank's that brought money: once for account, day and the bank's own reference, of which `id` is made. `command`
-- brought the money in; its id is drawn, since others choose ids of commands too, and the bank's references can be guessed.
-- `details` is sealed: the remitter, and what was written. `rest` waits.
create table arrivals (
  id uuid primary key,
  command uuid not null unique,
  statement uuid not null references bank_statements,
  line integer not null,
  account text not null,
  reference text not null,
  day date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  -- The bank takes an earlier one back: it moves no money here.
  taken_back boolean not null,
  state text not null check (state in ('new', 'waiting', 'closed')),
  -- Why it waits.
  why text check (why in ('unknown', 'ambiguous', 'too_little', 'too_much', 'nothing_due', 'currency', 'refused', 'uncertain',
    'taken_back', 'came_back')),
  -- The one due that it names.
  number text,
  rest bigint not null,
  -- Null once it is forgotten.
  details bytea,
  booked_at timestamptz not null,
  constraint arrived_once unique (account, day, reference, taken_back),
  constraint rest_is_a_part check (rest between 0 and case when taken_back then 0 else amount end),
  constraint closed_has_no_rest check (taken_back or (state = 'closed') = (rest = 0)),
  constraint waits_for_a_reason check ((state = 'waiting') = (why is not null))
) with (fillfactor = 70);
create index arrivals_new on arrivals (booked_at, id) where state = 'new';
create index arrivals_waiting on arrivals (booked_at, id) where state = 'waiting';
create index arrivals_of_number on arrivals (number) where state = 'waiting';
create index arrivals_known on arrivals (booked_at) where state = 'closed' and details is not null;
create index arrivals_of_statement on arrivals (statement, line, id);
revoke delete, truncate on arrivals from kenshu_app;

-- What became of a part of an arrival. `payment`: it paid a due; `command` is the id of the payment. `account`: to a member's account;
-- `payout`: back to the payer by way of a bank; `dismissal`: it was no payer's; `back`: a payout came back. Of these `command` is that
-- of the ledger. Sealed.
create table arrival_moves (
  id uuid primary key,
  arrival uuid not null,
  kind text not null check (kind in ('payment', 'account', 'payout', 'dismissal', 'back')),
  command uuid not null,
  amount bigint not null check (amount >= 0),
  number text,
  account uuid,
  operator uuid,
  confirmed_by uuid,
  reason text,
  at timestamptz not null,
  constraint moved_once unique (command, arrival),
  constraint payment_has_its_number check ((kind = 'payment') = (number is not null)),
  -- What takes something back has moved nothing.
  constraint moves_something check (amount > 0 or kind = 'dismissal')
);
create index arrival_moves_of on arrival_moves (arrival, id);
revoke update, delete, truncate on arrival_moves from kenshu_app;

-- Accounts of the bank's own making (振込専用口座), each for one due, for good.
create table virtual_accounts (
  branch text not null,
  number integer not null check (number between 0 and 9999999),
  due text not null unique,
  created_at timestamptz not null,
  primary key (branch, number)
);
revoke update, delete, truncate on virtual_accounts from kenshu_app;
