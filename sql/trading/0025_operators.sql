-- Nobody is trusted alone: what operators do to money and rights takes two, and whose data they read is written down.

-- Who asked for an operator to be made. Null for those of the server's own command line, who need no day before they confirm.
alter table operators add column made_by uuid references operators;

-- What an operator asked for and a second one has to confirm: by name, with what exactly is to be done, its digest, and the
-- version of the trade as it stood. `subject` is the id or number of what it is done to. `declined_by`: an operator, the
-- asking one too, has stopped it.
alter table operator_acts alter column trade drop not null;
alter table operator_acts
  add column act text,
  add column subject text,
  add column digest bytea,
  add column version integer,
  add column declined_by uuid,
  add column declined_at timestamptz;
-- An act that was asked for under the former rules is bound to nothing but an amount, and is asked for again: it has no
-- digest, and stays, since it is sealed.
update operator_acts set act = 'trade.' || (body ->> 'do'), subject = trade::text;
alter table operator_acts alter column act set not null;
drop index operator_acts_waiting;
create index operator_acts_waiting on operator_acts (id) where confirmed_by is null and declined_by is null and digest is not null;

-- The money that operators moved without a second one. Sums of a day are counted from it, by operator and by who gained.
create table lone_moves (
  id uuid primary key,
  operator uuid not null,
  beneficiary text not null,
  subject text not null,
  act text not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  at timestamptz not null
);
create index lone_moves_by_operator on lone_moves (operator, at);
create index lone_moves_by_beneficiary on lone_moves (beneficiary, at);
revoke update, delete, truncate on lone_moves from kenshu_app;

-- Acts that do not move a trade have a name; `person` is a member's id or a party's.
alter table notices alter column trade drop not null;
alter table notices
  add column act text,
  add constraint about_something check (num_nonnulls(trade, act) > 0);

-- A look at the recipient of a trade stands in the record of its buyer, with the trade; where a trade has no buyer yet,
-- in that of nobody, and counts all the same.
alter table lookups alter column person drop not null;
alter table lookups add column trade bigint;
create index lookups_by_operator on lookups (operator, at);
create index lookups_by_trade on lookups (trade, id) where trade is not null;

-- What operators book against no till, statement or payout file goes through an account of its own until the other side
-- was seen. `matched_*`: who saw it, where.
alter table accounts drop constraint accounts_kind_check;
alter table accounts add constraint accounts_kind_check
  check (kind in ('deposit', 'credit', 'prepaid', 'shop', 'fee', 'outside', 'suspense'));
alter table transfers
  add column reason text,
  add column confirmed_by uuid,
  add column suspended boolean not null default false;
create table transfer_matches (
  transfer uuid primary key references transfers,
  reference text not null,
  operator uuid not null,
  confirmed_by uuid,
  at timestamptz not null
);
revoke update, delete, truncate on transfer_matches from kenshu_app;
create index transfers_suspended on transfers (at) where suspended;

-- Whose account it is, for telling them of what operators book on it.
create index methods_by_account on methods (account) where account is not null;
