-- The server's own secrets, wrapped by a key that only its configuration has (src/storage/keyring): a copy of the
-- database is not enough to be the server. SQL has no key to wrap with, so what stands in clear here is sealed by the
-- first process that starts.
create table secrets (
  name text primary key,
  kek bytea not null,
  wrapped bytea not null
);

-- Emptied into `secrets` at the next start. Where nothing has been made of it yet, it never lies there in clear.
delete from server_secret
  where not exists (select from logins) and not exists (select from trades) and not exists (select from vouchers);

-- Whether the key, or the secrets, are sealed under one of `secrets`; what is in clear is sealed at the next start.
alter table signing_keys add column sealed boolean not null default false;
alter table webhook_endpoints add column sealed boolean not null default false;

-- An answer that is kept for a repetition does not hold the buyer's link any more; it is put in when it is given again.
update answers
  set body = regexp_replace(body, '"approveUrl":"[^"]*/approve/kt_[0-9]+_[0-9a-f]{40}"', '"approveUrl":"approve:"')
  where body like '%/approve/kt\_%';
