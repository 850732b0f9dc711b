-- Cash on delivery in one act: who takes money at the door lets one other server say in their name that they have taken it, up to
-- so much a day. See docs/decisions/0050-taken-at-the-door.md.

-- Such a leave is a consent like any other, of a collector, for its account in one currency. `taken` is what was taken by it on
-- `day`, a day of this institution's; another day starts at nothing.
alter table consents
  drop constraint consents_purpose_check,
  drop constraint consents_owner_kind_check,
  add constraint consents_purpose_check check (purpose in ('pay', 'receive', 'collect')),
  add constraint consents_owner_kind_check check (owner_kind in ('member', 'shop', 'peer', 'bearer', 'collector')),
  add column limit_day bigint check (limit_day > 0),
  add column day date,
  add column taken bigint not null default 0 check (taken >= 0),
  add constraint collectors_let_collect check ((purpose = 'collect') = (owner_kind = 'collector')),
  add constraint collecting_has_a_limit check ((purpose = 'collect') = (limit_day is not null)),
  add constraint day_not_exceeded check (taken = 0 or (day is not null and taken <= limit_day));

-- By which consent another server has said that it was taken; null where its taker said so. Sealed with the rest.
alter table collection_payments
  drop constraint taken_once,
  add column consent uuid,
  add constraint taken_by_consent check
    (consent is null or (state = 'taken' and channel = 'cash_on_delivery' and operator is null));
-- Ids of takers and of servers are apart: neither stands in the other's way.
create unique index taken_once on collection_payments (collector, id) where consent is null;
create unique index taken_once_by_consent on collection_payments (consent, id) where consent is not null;
create index collection_payments_by_consent on collection_payments (collector, command) where consent is not null;
