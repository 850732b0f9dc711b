-- Personal data is kept sealed: every person, and every recipient of a trade, under a key of their own, which is
-- itself wrapped by a key that only the server's configuration has (src/members/vault.ts). Who deletes the wrapped
-- key has made the data unreadable wherever a copy of it may still lie: in the log, in a dead row, in a backup.

-- No row that was written in clear may be left behind, and SQL has no key to seal it with.
do $$ begin
  if exists (select from people) or exists (select from logins) or exists (select from trade_recipients) then
    raise exception 'people were entered before personal data was sealed; start with an empty schema';
  end if;
end $$;

-- `subject` is the id of the person, or of the trade whose recipient it is; `kek` tells which key has wrapped it.
create table personal_keys (
  subject uuid primary key,
  kek bytea not null,
  wrapped bytea not null
);
create index personal_keys_by_kek on personal_keys (kek, subject);

alter table people
  alter column name type bytea using null,
  alter column address type bytea using null,
  alter column birth_date type bytea using null,
  alter column email type bytea using null,
  alter column phone type bytea using null;

alter table trade_recipients
  alter column name type bytea using null,
  alter column address type bytea using null,
  alter column email type bytea using null,
  alter column phone type bytea using null;

-- A sign-in is found by an HMAC of the address under the server's secret; the address itself stands nowhere.
alter table logins drop column email;
alter table logins add column address_hmac bytea not null;
alter table logins add unique (address_hmac, password_hash);

-- Where a shop may have a member sent back to (patent 0091); addresses without a query.
alter table parties add column return_urls text[] not null default '{}';

-- What a member has agreed to let one shop read, once: names of fields, never what is in them.
create table disclosures (
  id uuid primary key,
  person uuid not null references people,
  shop uuid not null,
  fields text[] not null check (cardinality(fields) > 0),
  token_hash bytea not null unique,
  until timestamptz not null,
  created_at timestamptz not null,
  fetched_at timestamptz,
  revoked_at timestamptz
);
create index disclosures_by_person on disclosures (person, id);

-- What an operator asked for above the limit and a second operator has not confirmed yet (case 42). `body` is the
-- call as it was made; acts of operators name trades and people by numbers. `amount` is null where it is not known.
create table operator_acts (
  id uuid primary key,
  operator uuid not null,
  key text,
  trade bigint not null,
  body json not null,
  currency text,
  amount bigint,
  created_at timestamptz not null,
  until timestamptz not null,
  confirmed_by uuid,
  confirmed_at timestamptz,
  unique (operator, key),
  constraint four_eyes check (confirmed_by <> operator)
);
create index operator_acts_waiting on operator_acts (id) where confirmed_by is null;

-- What an operator did on somebody's trade, told to them afterwards; and who has looked at whose data, and why.
create table notices (
  id uuid primary key,
  person uuid not null,
  trade bigint not null,
  types text[] not null,
  channel text not null,
  at timestamptz not null
);
create index notices_by_person on notices (person, id);
create table lookups (
  id uuid primary key,
  person uuid not null,
  operator uuid not null,
  reason text,
  at timestamptz not null
);
create index lookups_by_person on lookups (person, id);
revoke update, delete, truncate on notices, lookups from kenshu_app;
