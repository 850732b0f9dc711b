-- Passkeys, beside passwords. See decision 0061.

-- One that its owner has registered for a sign-in. It has ended when it was taken away, or went with what it belonged to; what
-- is known of it goes then, but for whose it was and a hash of its key. `proves_from`: it signs in at once, and proves that it is
-- its owner who acts from then on. `name` is sealed under a key that
-- goes by `id`. `ended_by` says by what it was taken away: after a password it takes three days until
-- passwords prove anything in its place.
create table passkeys (
  id uuid primary key,
  login uuid not null,
  subject uuid not null,
  key_hash bytea not null check (octet_length(key_hash) = 32),
  credential bytea check (octet_length(credential) between 1 and 1023),
  public_key bytea,
  counter bigint not null check (counter between 0 and 4294967295),
  transports text not null default '',
  name bytea,
  synced boolean not null,
  created_at timestamptz not null,
  used_at timestamptz,
  proves_from timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('passkey', 'password', 'mail', 'operator', 'erased')),
  constraint key_as_registered check (public_key is null or sha256(public_key) = key_hash),
  constraint whole_while_it_lasts check (
    (ended_at is null) = (credential is not null) and (ended_at is null) = (public_key is not null)
    and (ended_at is null) = (name is not null) and (ended_at is null) = (ended_by is null))
);
create unique index passkeys_once on passkeys (credential) where credential is not null;
create index passkeys_by_login on passkeys (login);
create index passkeys_by_subject on passkeys (subject);
create trigger note_right after insert or update of id, login, subject, key_hash, ended_at or delete on passkeys
  for each row execute function note_right('{id}', '{login,subject,key_hash}', '{ended_at}');

-- What was proved, so that it is proved once: a hash of the challenge, and for what it was used. Forgotten when the challenge is
-- over, by the real clock.
create table proofs_used (
  mark bytea primary key check (octet_length(mark) = 32),
  used_for bytea not null check (octet_length(used_for) = 32),
  until timestamptz not null
);
create index proofs_used_by_end on proofs_used (until);

alter table profile_changes
  drop constraint profile_changes_field_check,
  add constraint profile_changes_field_check
    check (field in ('password', 'name', 'address', 'email', 'phone', 'bank account', 'passkey'));

alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in
    ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account', 'applied', 'admitted', 'joined',
     'credit granted', 'credit refused', 'funded', 'debt', 'passkey'));
