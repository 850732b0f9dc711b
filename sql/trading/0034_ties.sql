-- A code that was given up stays, marked, so that a consent whose codes all ran out can be told from one that was taken
-- up: nothing came of the first, and it is taken back.
alter table consent_codes add column taken_at timestamptz;
create index consent_codes_by_consent on consent_codes (consent);
drop index consent_codes_by_expiry;
create index consent_codes_by_expiry on consent_codes (expires_at) where taken_at is null;

-- Consents that an institution has given this server and nothing is tied by yet. What leads to no tie is given back;
-- `over`: that has begun, and no tie comes of it any more. Real time, as for `ties`.
create table loose_consents (
  institution uuid not null,
  consent uuid not null,
  over boolean not null default false,
  due_at timestamptz not null,
  primary key (institution, consent)
);
create index loose_consents_by_time on loose_consents (due_at);

-- An institution's consent is tied to one account of this server.
create index remote_accounts_by_consent on remote_accounts (institution, consent);
