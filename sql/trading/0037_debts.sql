-- What of a debt a settlement under way is about to pay: no other takes it, and it is owed until the money has moved. So far
-- such a debt counted as covered from when the step was decided.
alter table advance_accounts
  add column covering bigint not null default 0,
  add constraint what_is_covered_is_owed check (covering between 0 and owed);
alter table advance_debts
  add column covering bigint not null default 0,
  add constraint what_is_covered_is_owed check (covering between 0 and owed);

create temporary table under_way on commit drop as
  select (part ->> 'shop')::uuid as shop, part ->> 'currency' as currency,
    coalesce((select r.institution from remote_accounts r where r.account = t.account order by r.institution limit 1),
      '00000000-0000-0000-0000-000000000000') as institution,
    sum((part ->> 'amount')::bigint)::bigint as amount
  from trades t cross join lateral json_array_elements(t.pending -> 'advances' -> 'taken') part
  where t.pending is not null and part ->> 'change' = 'covered'
  group by 1, 2, 3;
update advance_debts d set owed = d.owed + u.amount, covering = u.amount, covered = d.covered - u.amount
  from under_way u where u.shop = d.shop and u.currency = d.currency and u.institution = d.institution;
update advance_accounts a set owed = a.owed + u.amount, covering = u.amount, covered = a.covered - u.amount
  from (select shop, currency, sum(amount)::bigint as amount from under_way group by shop, currency) u
  where u.shop = a.shop and u.currency = a.currency;

-- What another server has paid an account of its own money and not had back, under whatever consent: so far it was counted for
-- each consent by itself. A row changes under the lock of its account.
create table peer_advances (
  peer uuid not null,
  account uuid not null,
  amount bigint not null check (amount >= 0),
  primary key (peer, account)
) with (fillfactor = 50);
insert into peer_advances (peer, account, amount)
  select peer, account, sum(advanced)::bigint from consents where advanced > 0 group by peer, account;
alter table consents drop column advanced;
