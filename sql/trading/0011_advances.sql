-- Shops paid early (patent 0094). One row per trade says what became of that claim; one per shop and currency sums up,
-- and is what is locked: a limit holds however many advances are asked for at once. Minor units.

create table advances (
  trade bigint primary key,
  shop uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- The claim that was bought, for `paid`; the difference is the price.
  amount bigint not null check (amount > 0),
  price bigint not null check (price >= 0),
  paid bigint not null check (paid > 0),
  -- What settlements of this trade have brought back, and what will never come, so that the shop owes it.
  recovered bigint not null check (recovered >= 0),
  owed bigint not null check (owed >= 0),
  at timestamptz not null,
  constraint nothing_made check (paid + price = amount),
  constraint nothing_lost check (recovered + owed <= amount)
) with (fillfactor = 70);
create index advances_by_shop on advances (shop, trade);

-- `outstanding` has been paid early, or is about to be, and settlements are to bring it back. `owed` the shop has to
-- pay back from what it earns by other trades; `covered` it has paid back so, since ever.
create table advance_accounts (
  shop uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  outstanding bigint not null default 0 check (outstanding >= 0),
  owed bigint not null default 0 check (owed >= 0),
  covered bigint not null default 0 check (covered >= 0),
  primary key (shop, currency)
) with (fillfactor = 50);
