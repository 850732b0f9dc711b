-- Above what sum an owner confirms payments, whenever they have said so: whoever moves it in the database moves what is asked.
-- Sealed.
create table confirming_changes (
  id uuid primary key,
  consent uuid not null references consents,
  owner uuid not null,
  confirm_above bigint check (confirm_above >= 0),
  at timestamptz not null
);
revoke update, delete, truncate on confirming_changes from kenshu_app;
