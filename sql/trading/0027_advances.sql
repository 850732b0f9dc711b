-- From when a shop is paid early. That it may be, was the usual and said nothing, so it is the new usual; that it may not, an
-- operator had said.
alter table standings alter column paid_early type text
  using case when paid_early then 'afterShipping' else 'never' end;
alter table standings
  add constraint paid_early_is_known check (paid_early in ('afterShipping', 'always', 'never')),
  -- How much the shop may have early and owe at a time, minor units by currency, where it is not as the server lets every shop.
  add column early_limits json;

-- Where the money of a claim that was bought has been paid: the institution at which the buyer's is, or the server's own books,
-- which are the nil one.
alter table advances add column institution uuid;
update advances set institution = coalesce(
  (select r.institution from trades t join remote_accounts r on r.account = t.account
    where t.number = advances.trade order by r.institution limit 1),
  '00000000-0000-0000-0000-000000000000');
alter table advances alter column institution set not null;

-- What a shop owes and has covered, by the institution at which it had the money: only there can it be had back. A row
-- changes under the lock of the shop's row in `advance_accounts`, whose `owed` and `covered` are the sums of these.
create table advance_debts (
  shop uuid not null,
  currency text not null,
  institution uuid not null,
  owed bigint not null check (owed >= 0),
  covered bigint not null check (covered >= 0),
  primary key (shop, currency, institution),
  foreign key (shop, currency) references advance_accounts
) with (fillfactor = 50);

-- At which institution a debt was covered was not kept: the first ones are taken to be covered first.
insert into advance_debts (shop, currency, institution, owed, covered)
  select shop, currency, institution, due - done, done from (
    select d.shop, d.currency, d.institution, d.due,
      least(d.due, greatest(0, a.covered - (d.upto - d.due)))::bigint as done
    from (select shop, currency, institution, sum(owed)::bigint as due,
        (sum(sum(owed)) over (partition by shop, currency order by institution))::bigint as upto
      from advances group by shop, currency, institution) d
      join advance_accounts a on a.shop = d.shop and a.currency = d.currency) parts
  where due > 0;

-- What a peer has kept as its fee is counted by trade, over all reservations that pay the same.
create index reservations_by_fee on reservations (payee, trade_number) where fee_taken > 0;
