-- What members owe on credit lines: bills, what was told of them, and what moved the money. See decision 0049.

alter table accounts drop constraint accounts_kind_check,
  add constraint accounts_kind_check check (kind in
    ('deposit', 'credit', 'prepaid', 'shop', 'fee', 'outside', 'suspense', 'collector', 'lender', 'losses'));

-- `overdue`: a bill for the line was not paid in time, so nothing new is reserved on it.
alter table methods drop constraint methods_state_check,
  add constraint methods_state_check check (state in ('active', 'pending', 'overdue', 'closed')),
  add constraint overdue_is_a_line check (state <> 'overdue' or (kind = 'credit' and account is not null));

-- Whether a line is stopped: asked with each reservation by another server.
create index methods_overdue on methods (account) where state = 'overdue';

-- One bill is open for a line at a time. Of `amount` with `fees`, `paid` was paid by whatever way, and `written_off` given up.
-- `collected` is what came in under its number at the institution `collector`, `returned` what of it was more than owed, `late`
-- what came by whatever way after it was written off. `told_*`: what that institution was told last, `told_done` that it has answered.
create table bills (
  id uuid primary key,
  number bigint not null unique check (number > 0),
  account uuid not null,
  person uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- At an institution the day up to which it is; at a guarantor it grows with what is claimed.
  closing date,
  state text not null check (state in ('open', 'paid', 'written off')),
  amount bigint not null check (amount >= 0),
  fees bigint not null default 0 check (fees >= 0),
  paid bigint not null default 0 check (paid >= 0),
  written_off bigint not null default 0 check (written_off >= 0),
  collected bigint not null default 0 check (collected >= 0),
  late bigint not null default 0 check (late >= 0),
  returned bigint not null default 0 check (returned >= 0),
  -- Money that had come to the line at the very instant at which it was made, before it.
  credited_before bigint not null check (credited_before >= 0),
  -- What the books said when it was looked at last.
  seen bigint not null,
  due_at timestamptz not null,
  -- Instalments: {"from": what was paid by then, "parts": [{"by", "amount"}]}.
  plan jsonb,
  -- What the member asks for, until it is granted or refused.
  wish jsonb,
  -- How many steps of dunning were told, when the last was, and up to which one was charged for.
  step integer not null default 0 check (step >= 0),
  step_at timestamptz,
  charged integer not null default 0 check (charged >= 0),
  reminded_at timestamptz not null,
  next_at timestamptz,
  collector uuid,
  told_version integer not null default 0,
  told_amount bigint not null default 0 check (told_amount >= 0),
  told_done boolean not null default true,
  told_heard bigint not null default 0,
  told_returned bigint not null default 0,
  refused text,
  made_at timestamptz not null,
  ended_at timestamptz,
  constraint paid_no_more_than_asked check (paid + written_off <= amount + fees),
  constraint paid_is_all check ((state = 'open') = (paid + written_off < amount + fees)),
  constraint written_off_is_a_state check ((state = 'written off') = (written_off > 0)),
  constraint late_was_written_off check (late <= written_off),
  constraint returned_came_in check (returned <= collected),
  constraint told_no_more_than_is check (told_heard <= collected and told_returned <= returned),
  constraint ended_has_its_time check ((state = 'open') = (ended_at is null))
);
create unique index bills_one_open on bills (account) where state = 'open';
create unique index bills_one_closing on bills (account, closing) where closing is not null;
create index bills_by_account on bills (account, id);
create index bills_by_person on bills (person, id);
create index bills_due on bills (next_at) where next_at is not null;
create index bills_watched on bills (id) where state <> 'paid';
create index bills_to_tell on bills (id)
  where not told_done or told_heard < collected or told_returned < returned;
create index bills_by_collector on bills (collector, id) where told_version > 0;
revoke delete, truncate on bills from kenshu_app;

-- What moved money for a bill; `command` is that of the ledger. `fee`: from the line to this server's own account. `recovery`:
-- what was paid under its number, to the line. `write-off`: from the losses to the line. `late recovery`: what came after
-- that, to the losses again. Sealed.
create table debt_movements (
  command uuid primary key,
  bill uuid not null references bills,
  kind text not null check (kind in ('fee', 'recovery', 'write-off', 'late recovery')),
  account uuid not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  step integer,
  operator uuid,
  confirmed_by uuid,
  reason text,
  at timestamptz not null,
  constraint steps_charge check ((kind = 'fee') = (step is not null)),
  constraint operators_write_off check ((kind = 'write-off') = (operator is not null and reason is not null)),
  constraint no_second_of_their_own check (confirmed_by <> operator)
);
create index debt_movements_of on debt_movements (bill, command);
create unique index debt_movements_one_fee on debt_movements (bill, step) where kind = 'fee';
create unique index debt_movements_one_write_off on debt_movements (bill) where kind = 'write-off';
revoke update, delete, truncate on debt_movements from kenshu_app;

-- What was told of a bill: `owed` and `due_at` as they were then, `asked` what was to be paid next.
create table bill_news (
  id uuid primary key,
  bill uuid not null references bills,
  kind text not null check (kind in
    ('bill', 'bill grown', 'bill soon', 'bill overdue', 'instalments', 'whole due', 'bill paid', 'written off')),
  owed bigint not null,
  asked bigint not null,
  due_at timestamptz not null,
  step integer not null,
  fee bigint not null,
  at timestamptz not null
);
create index bill_news_of on bill_news (bill, id);
revoke update, delete, truncate on bill_news from kenshu_app;

alter table mails
  add column news uuid,
  drop constraint about_one,
  add constraint about_one
    check (num_nonnulls(trade, settlement, letter, payout, news) = 1 and num_nonnulls(trade, seq) <> 1),
  drop constraint mails_reader_check,
  add constraint mails_reader_check
    check (reader in ('buyer', 'recipient', 'shop', 'holder', 'self', 'payee', 'debtor')),
  add constraint debtor_reads_bills check ((reader = 'debtor') = (news is not null));
create unique index mails_once_of_bill on mails (news) where news is not null;
