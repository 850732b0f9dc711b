-- What other servers have paid from accounts of members: one row for each, written with the payment, so that whom the account
-- belongs to is told of it and can look it up. The money is in the entries of the hold with the reservation's id.
create table settlements (
  id uuid primary key,
  peer uuid not null,
  instruction uuid not null,
  reservation uuid not null,
  owner uuid not null,
  amount bigint not null check (amount > 0),
  at timestamptz not null,
  constraint settled_once unique (peer, instruction)
);
create index settlements_by_owner on settlements (owner, id);
revoke delete, truncate on settlements from kenshu_app;

-- A mail is about a trade, or about such a payment, of which this server knows no trade.
alter table mails alter column trade drop not null, alter column seq drop not null;
alter table mails
  add column settlement uuid,
  add constraint about_one check (num_nonnulls(trade, settlement) = 1 and num_nonnulls(trade, seq) <> 1),
  drop constraint mails_reader_check,
  add constraint mails_reader_check check (reader in ('buyer', 'recipient', 'shop', 'holder')),
  add constraint holder_reads_settlements check ((reader = 'holder') = (settlement is not null));
create unique index mails_once_of_settlement on mails (settlement, kinds) where settlement is not null;
