-- How names are read (furigana), sealed as the names are, under the same keys, and erased with them.
alter table people add column kana bytea;
alter table people drop constraint erased_is_empty;
alter table people add constraint erased_is_empty check (
  (state = 'erased') = (erased_at is not null) and (state <> 'erased'
    or num_nonnulls(name, kana, address, birth_date, email, phone) = 0));
alter table trade_recipients add column kana bytea;
alter table guest_forms add column kana bytea;
alter table profile_changes drop constraint profile_changes_field_check;
alter table profile_changes add constraint profile_changes_field_check
  check (field in ('password', 'name', 'kana', 'address', 'email', 'phone', 'bank account', 'passkey'));
