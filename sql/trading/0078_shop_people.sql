-- The people of a shop, each with a sign-in and a role of their own, and what was done from its sessions. See decision 0075.

-- Somebody who works at a shop. Their sign-in is in `logins`, with this id as its subject; the shop's own has none here and is
-- an owner's. `name` and `email` are sealed under a key that goes by `id`; whoever was removed keeps the name, so that the
-- record can say who it was. `mailbox_hmac`: the mailbox of the address, so that nobody is there twice.
create table shop_people (
  id uuid primary key,
  shop uuid not null references parties,
  role text not null check (role in ('owner', 'money', 'orders', 'reader')),
  state text not null check (state in ('invited', 'active', 'removed')),
  name bytea not null,
  email bytea,
  mailbox_hmac bytea,
  created_at timestamptz not null,
  constraint reached_while_there check ((state = 'removed') = (email is null) and (email is null) = (mailbox_hmac is null))
);
create unique index shop_people_once on shop_people (shop, mailbox_hmac) where state <> 'removed';
create index shop_people_of_shop on shop_people (shop, id);
create trigger note_right after insert or update of id, shop, role, state or delete on shop_people
  for each row execute function note_right('{id}', '{shop}', '{role,state}');

-- What somebody who was signed in for a shop set out to do, written before it is done: `person` is null where it was the shop's
-- own sign-in, `status` what they were answered, and null where the server stopped before that.
create table shop_acts (
  id uuid primary key,
  shop uuid not null,
  person uuid,
  act text not null check (char_length(act) between 1 and 60),
  about text check (char_length(about) between 1 and 60),
  at timestamptz not null,
  status smallint check (status between 100 and 599)
);
-- What was refused, or asked once more, is no part of what was done.
create index shop_acts_of_shop on shop_acts (shop, id) where status is null or status between 200 and 399;
create index shop_acts_about on shop_acts (shop, about, id)
  where about is not null and (status is null or status between 200 and 399);
revoke update, delete, truncate on shop_acts from kenshu_app;
grant update (status) on shop_acts to kenshu_app;

alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in
    ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account', 'applied', 'admitted', 'joined',
     'credit granted', 'credit refused', 'funded', 'debt', 'passkey', 'erased', 'return address', 'invited', 'team'));
