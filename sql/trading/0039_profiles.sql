-- What is known of somebody, and what they sign in with, can be changed by themselves and, with proof, by operators. Who did
-- it, when and which field stays; what stood there does not. See decision 0031.

-- A change: `self`, with the password; `mail`, by a link that went to their address; or an operator. Sealed.
create table profile_changes (
  id uuid primary key,
  subject_kind text not null check (subject_kind in ('member', 'shop', 'carrier', 'provider', 'operator')),
  subject uuid not null,
  act text not null check (act in ('asked', 'changed', 'taken back', 'stopped')),
  field text not null check (field in ('password', 'name', 'address', 'email', 'phone')),
  role text not null check (role in ('self', 'mail', 'operator')),
  operator uuid,
  confirmed_by uuid,
  at timestamptz not null,
  constraint operators_have_names check ((role = 'operator') = (operator is not null))
);
create index profile_changes_by_subject on profile_changes (subject, id);
revoke update, delete, truncate on profile_changes from kenshu_app;

-- A change of an e-mail address, one for a person at a time; what it was before goes when it can no longer be taken back.
-- While it is `asked`, `email` is the address that is wished for and `password_hash` that of the password under it; once it
-- is `made`, all is of before, so that it can be taken back. `email` is sealed under a key that goes by `id`. The code for
-- the new address and the link for the old one are made from the server's secret and `id`, and stand nowhere.
create table email_changes (
  id uuid primary key,
  person uuid not null unique references people,
  state text not null check (state in ('asked', 'made')),
  login uuid,
  email bytea not null,
  password_hash text,
  address_hmac bytea,
  mailbox_hmac bytea,
  by_operator boolean not null default false,
  wrong smallint not null default 0,
  created_at timestamptz not null,
  until timestamptz not null
);
create index email_changes_by_end on email_changes (until);

-- Mails about sign-ins, with the address to which each goes, sealed under a key that goes by `id`. `subject` is the person,
-- party or operator whom it concerns; of a mail that somebody asks for who has forgotten a password it is null, for then
-- whether anybody signs in with that address is looked up when the mail is written, so that the answer cannot tell it.
create table letters (
  id uuid primary key,
  subject uuid,
  kind text not null check (kind in ('reset', 'confirm', 'password', 'profile', 'moved')),
  email bytea not null,
  language text check (language in ('en', 'ja')),
  about uuid,
  created_at timestamptz not null,
  until timestamptz not null
);
create index letters_by_subject on letters (subject) where subject is not null;
create index letters_by_end on letters (until);

-- `held_until`: lately reset by mail, or moved to another address; until then no right is given by it. `closed_at`: stopped by
-- whoever reads the former address, until operators have settled whose it is. `reset_until`: two operators let this
-- operator's password be reset by mail until then.
alter table logins
  add column changed_at timestamptz,
  add column held_until timestamptz,
  add column closed_at timestamptz,
  add column reset_until timestamptz;

alter table mails
  add column letter uuid,
  drop constraint about_one,
  add constraint about_one check (num_nonnulls(trade, settlement, letter) = 1 and num_nonnulls(trade, seq) <> 1),
  drop constraint mails_reader_check,
  add constraint mails_reader_check check (reader in ('buyer', 'recipient', 'shop', 'holder', 'self')),
  add constraint self_reads_letters check ((reader = 'self') = (letter is not null));
create unique index mails_once_of_letter on mails (letter) where letter is not null;
