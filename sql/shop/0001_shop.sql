-- A shop: what it sells, carts, orders, and what it has to tell the institution.

create table products (
  id text primary key check (id ~ '^[a-z0-9-]{1,40}$'),
  position integer not null,
  name text not null,
  description text not null,
  price bigint not null check (price > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  on_sale boolean not null default true
);

-- A cart is known by the hash of the cookie's token: who reads this table cannot take a cart over.
create table carts (
  token_hash bytea primary key,
  changed_at timestamptz not null
);
create table cart_lines (
  cart bytea not null references carts on delete cascade,
  product text not null references products,
  quantity integer not null check (quantity between 1 and 99),
  primary key (cart, product)
);

-- `token_hash` comes from the key in the order form, so that the same form sent twice finds the same order.
-- `trade` to `view` mirror the institution's trade: the shop never decides what they say. `check_at` is when the
-- watcher asks next, null where there is nothing more to learn; `asked_at` is when somebody's page last did.
create table orders (
  id uuid primary key,
  number text not null unique,
  token_hash bytea not null unique,
  currency text not null,
  amount bigint not null check (amount > 0),
  name text not null,
  address text not null,
  email text,
  phone text,
  recipient jsonb,
  placed_at timestamptz not null default clock_timestamp(),
  trade text unique,
  state text,
  version integer,
  view jsonb,
  changed_at timestamptz not null default clock_timestamp(),
  asked_at timestamptz,
  check_at timestamptz
);
create index orders_to_check on orders (check_at) where check_at is not null;

create table order_lines (
  order_id uuid not null references orders,
  line integer not null,
  name text not null,
  quantity integer not null check (quantity > 0),
  unit_amount bigint not null check (unit_amount > 0),
  primary key (order_id, line)
);

-- What the institution is to be told, in order for each order: written, with its Idempotency-Key, in the
-- transaction that wants it, and sent after that until it is answered. `send_at` is also the lease: while it
-- lies ahead, somebody is sending. `in_doubt` says that it may have been done already without our knowing. `form_hash` makes a second press of the same button find the first.
create table outgoing (
  order_id uuid not null references orders,
  seq integer not null,
  call text not null check (call in ('propose', 'deliver', 'accept', 'return', 'cancel', 'refund')),
  key text not null unique,
  form_hash bytea unique,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
  attempts integer not null default 0,
  in_doubt boolean not null default false,
  send_at timestamptz not null,
  code text,
  detail text,
  made_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  primary key (order_id, seq)
);
create index outgoing_waiting on outgoing (send_at) where state = 'waiting';

create table staff_sessions (
  token_hash bytea primary key,
  expires_at timestamptz not null
);
