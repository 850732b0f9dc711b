-- What a shop knows of its customers is sealed under a key for each order, which a key of the configuration wraps (`kek` is
-- the name of that one). `customer` is empty once it has been erased. What lay in clear is sealed by the first server that
-- starts, and the columns of before stay empty from then on.
alter table orders
  add column kek bytea,
  add column wrapped bytea,
  add column customer bytea,
  alter column name drop not null,
  alter column address drop not null,
  add constraint sealed_or_clear check ((kek is null) = (wrapped is null) and (kek is not null or name is not null)),
  add constraint not_both check (kek is null or num_nonnulls(name, address, email, phone, recipient) = 0);
create index orders_in_clear on orders (id) where kek is null;
create index orders_with_customer on orders (changed_at) where customer is not null and check_at is null;

-- The same for what the institution is told, which names who receives the goods, and why something is asked for.
alter table outgoing
  add column sealed_body bytea,
  alter column body drop not null;
