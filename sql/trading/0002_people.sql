-- Who takes part: members and guests, their means of payment and what they allow shops to do; shops,
-- carriers, providers and operators; and by what each of them is known. Everything personal stands in
-- `people`, `logins` and `methods.token_hash`, in columns that can be emptied: an erased person keeps
-- the id, which is all that the books know of them.

create table people (
  id uuid primary key,
  number bigint unique,
  kind text not null check (kind in ('member', 'guest')),
  state text not null check (state in ('provisional', 'active', 'suspended', 'erased')),
  name text,
  address text,
  birth_date date,
  email text,
  phone text,
  created_at timestamptz not null,
  erased_at timestamptz,
  constraint members_have_numbers check ((kind = 'member') = (number is not null)),
  constraint erased_is_empty check (
    (state = 'erased') = (erased_at is not null) and (state <> 'erased'
      or num_nonnulls(name, address, birth_date, email, phone) = 0))
);

-- `account` is empty while a credit line waits for an operator. A guest's voucher is not claimed, so
-- two methods may name the same prepaid account.
create table methods (
  id uuid primary key,
  person uuid not null references people,
  kind text not null check (kind in ('deposit', 'credit', 'prepaid')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  account uuid,
  state text not null check (state in ('active', 'pending', 'closed')),
  token_hash bytea,
  wished_limit bigint check (wished_limit > 0),
  created_at timestamptz not null,
  constraint active_has_account check (state <> 'active' or account is not null)
);
create index methods_by_person on methods (person, id);

create index guests_by_time on people (created_at) where kind = 'guest' and state = 'active';

-- What a member allows a shop to reserve without asking again. `used` moves with every reservation, so
-- no index holds it and a page keeps room for the new version of a row.
create table mandates (
  id uuid primary key,
  person uuid not null,
  shop uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  limit_amount bigint not null check (limit_amount > 0),
  used bigint not null default 0,
  until timestamptz not null,
  method uuid,
  acceptors text[] not null,
  revoked_at timestamptz,
  created_at timestamptz not null,
  constraint mandate_not_exceeded check (used between 0 and limit_amount)
) with (fillfactor = 50);
create index mandates_by_person on mandates (person, id);

-- Prepaid e-money: who knows the code may spend it as a guest; a member claims it once, for good.
create table vouchers (
  code_hash bytea primary key,
  account uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  claimed_by uuid,
  created_at timestamptz not null
);
create index vouchers_by_account on vouchers (account);

create table parties (
  id uuid primary key,
  kind text not null check (kind in ('shop', 'carrier', 'provider')),
  name text not null,
  state text not null check (state in ('applied', 'approved', 'suspended')),
  email text,
  phone text,
  created_at timestamptz not null
);

create table shop_accounts (
  shop uuid not null references parties,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  account uuid not null,
  fee_fixed bigint not null check (fee_fixed >= 0),
  fee_basis_points integer not null check (fee_basis_points between 0 and 10000),
  fee_round_to text not null check (fee_round_to in ('shop', 'fee')),
  primary key (shop, currency)
);

create table operators (
  id uuid primary key,
  name text not null,
  state text not null check (state in ('active', 'suspended')),
  created_at timestamptz not null
);

create table api_keys (
  hash bytea primary key,
  id uuid not null unique,
  owner_kind text not null check (owner_kind in ('shop', 'carrier', 'provider', 'operator')),
  owner uuid not null,
  label text,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_keys_by_owner on api_keys (owner, id);

-- One address may stand here more than once: address and password together say who signs in, so that
-- nobody can find out, by applying with an address, whether it is in use. See decision 0006.
create table logins (
  id uuid primary key,
  email text not null check (email = lower(email)),
  password_hash text not null,
  subject_kind text not null check (subject_kind in ('member', 'operator', 'carrier', 'provider', 'shop')),
  subject uuid not null,
  created_at timestamptz not null,
  unique (email, password_hash)
);
create index logins_by_subject on logins (subject);

-- The server's own secret: makes a password's salt out of an address, and seals the links of trades.
create table server_secret (
  one boolean primary key default true check (one),
  secret bytea not null
);
insert into server_secret (secret)
  values (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

create table sessions (
  hash bytea primary key,
  login uuid not null references logins on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_by_login on sessions (login);
create index sessions_by_expiry on sessions (expires_at);
