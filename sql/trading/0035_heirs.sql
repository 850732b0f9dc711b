-- What comes back to an account that was left goes on to the one that its money has gone to: a code that a member has claimed.
-- An account that was closed without an heir takes nothing more.
alter table accounts add column heir uuid;
alter table accounts add constraint heirs_follow_the_end check (heir is null or (closed and heir <> id));

create index accounts_by_heir on accounts (heir) where heir is not null;

-- Codes that were claimed before: what was on them was moved to an account of the claimer's own, in a transfer of its own.
update accounts set closed = true, heir = moved.heir
from (
  select vouchers.account, got.account as heir
  from vouchers
    join entries gave on gave.account = vouchers.account and gave.kind = 'transfer' and gave.posted < 0
    join entries got on got.command = gave.command and got.posted > 0
    join methods on methods.account = got.account and methods.person = vouchers.claimed_by
  where vouchers.claimed_by is not null) as moved
where accounts.id = moved.account and accounts.posted = 0 and accounts.held = 0;
