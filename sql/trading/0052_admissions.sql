-- Membership by post: a letter with a code, by which somebody who has no sign-in yet makes one. See decision 0044.

-- One letter counts for a person, the newest; the row goes when its code is used. `code_hash` is an HMAC under the server's
-- secret: the code stands on the letter and nowhere else.
create table admissions (
  person uuid primary key references people,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  made_at timestamptz not null,
  until timestamptz not null check (until > made_at)
);
create index admissions_by_end on admissions (until);

-- `applied`: an application has come in. `admitted`: a letter goes by post. `joined`: its code was used.
alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in
    ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account', 'applied', 'admitted', 'joined'));

-- By the code in a letter.
alter table profile_changes
  drop constraint profile_changes_role_check,
  add constraint profile_changes_role_check check (role in ('self', 'mail', 'letter', 'operator'));
