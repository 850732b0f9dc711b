-- Where a shop has goods sent back to. Every address it has named stays, with when: what goes back was sent to the one that stood
-- then. `name` is null where it has taken it away. See decision 0055.
create table return_addresses (
  id uuid primary key,
  shop uuid not null,
  name text,
  address text,
  phone text,
  at timestamptz not null default kenshu_now(),
  constraint whole_address check ((name is null) = (address is null) and (phone is null or name is not null))
);
create index return_addresses_of_shop on return_addresses (shop, id);
revoke update, delete, truncate on return_addresses from kenshu_app;
