-- The staff's lists: what each order asks of the shop next (`queue`), until when (`due_at`), and whether it is the shop that has
-- to act. They are read from `view` by the server, never decided here; null: not sorted yet, which the next start does.
alter table orders
  add column queue text default 'waiting'
    check (queue in ('ship', 'disputed', 'back', 'delivered', 'way', 'accepted', 'waiting', 'ended')),
  add column due_at timestamptz not null default '9999-12-31T00:00:00Z',
  add column todo boolean not null default false,
  add column marked boolean not null default false;
update orders set queue = null where view is not null;
create index orders_unsorted on orders (id) where queue is null;
create index orders_by_queue on orders (queue, due_at, id);
create index orders_to_do on orders (due_at, id) where todo;
create index orders_by_number on orders (number text_pattern_ops);
create index orders_by_trade on orders (trade text_pattern_ops) where trade is not null;
create index orders_by_day on orders (placed_at, id);
create index orders_paid_back on orders (changed_at, id) where (view ->> 'refunded')::bigint > 0;

-- By which names an order is found: keyed digests of their beginnings, many names to a mark. Gone with the customer.
create table order_names (
  mark integer not null check (mark >= 0),
  order_id uuid not null references orders,
  primary key (mark, order_id)
);
create index order_names_by_order on order_names (order_id);
create index orders_unmarked on orders (id) where customer is not null and not marked;

-- The key of those digests, under a key of the configuration.
create table shop_secrets (
  name text primary key check (name ~ '^[a-z-]{1,40}$'),
  kek bytea not null,
  wrapped bytea not null
);

-- Who works here. The owner is whoever has the password of the configuration, and needs no row.
create table staff_members (
  id uuid primary key,
  sign_in text not null unique check (sign_in ~ '^[a-z0-9._-]{1,40}$'),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('clerk', 'manager', 'owner')),
  salt bytea not null,
  hash bytea not null,
  made_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
alter table staff_sessions add column member uuid references staff_members;
create index staff_sessions_by_member on staff_sessions (member) where member is not null;

-- Who of the staff has pressed, and that it was the staff: null where the shop or a customer has.
alter table outgoing add column made_by text;

-- What was missed is asked for by server.
create index heard_messages_newest on heard_messages (till, heard_at);

-- The shop changes the price of what is still open, and is paid early.
alter table outgoing drop constraint outgoing_call_check;
alter table outgoing add constraint outgoing_call_check check (call in ('propose', 'ship', 'deliver', 'accept', 'return',
  'dispute', 'answer', 'say', 'offer', 'acceptOffer', 'cancel', 'refund', 'extend', 'release', 'claim', 'revise', 'advance'));
