-- What comes back to an account that was left goes on to the one that its money has gone to: a code that a member has claimed.
-- An account that was closed without an heir takes nothing more.
alter table accounts add column heir uuid;
alter table accounts add constraint heirs_follow_the_end check (heir is null or (closed and heir <> id));

create index accounts_by_heir on accounts (heir) where heir is not null;

create index vouchers_by_claimer on vouchers (claimed_by) where claimed_by is not null;

-- Codes that were claimed before: what was on them was moved to an account of the claimer's own, in a transfer of its own. Where
-- nothing was left to be moved, what comes back goes to the claimer's first account of the kind. What came back since stays where
-- it is: the audit names it, and two operators pass it on.
update accounts set closed = true, heir = moved.heir
from (
  select v.account, coalesce(
    (select got.account
      from entries gave
        join entries got on got.command = gave.command and got.posted > 0
        join methods m on m.account = got.account and m.person = v.claimed_by
      where gave.account = v.account and gave.kind = 'transfer' and gave.posted < 0 limit 1),
    (select m.account from methods m
      where m.person = v.claimed_by and m.kind = 'prepaid' and m.currency = v.currency and m.state <> 'closed'
        and m.account is not null
      order by m.id limit 1)) as heir
  from vouchers v
  where v.claimed_by is not null
    and not exists (select from methods m where m.account = v.account and m.person = v.claimed_by)) as moved
where accounts.id = moved.account;

-- Who was erased before takes nothing more either. A code with which a guest has paid is not theirs.
update accounts set closed = true
from methods m join people p on p.id = m.person
where p.state = 'erased' and accounts.id = m.account
  and not exists (select from vouchers v where v.account = m.account);
