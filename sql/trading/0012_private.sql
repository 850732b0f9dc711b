-- What trades cost whose servers are not to know it: each shop tells the institution itself, by the number that
-- the peer gave the trade, and for good. `lines` are quantities and unit amounts, without names. A reservation that is
-- `private` was made from what was told; its peer is told no amount.
create table told_amounts (
  peer uuid not null,
  trade_number text not null check (trade_number ~ '^[0-9]{1,20}$'),
  shop uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  lines json not null,
  at timestamptz not null,
  primary key (peer, trade_number, shop)
);
revoke update, delete, truncate on told_amounts from kenshu_app;

alter table reservations add column private boolean not null default false;
