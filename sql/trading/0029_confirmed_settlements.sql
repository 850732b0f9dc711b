-- The owner of an account may want to confirm what another server pays from it, above a sum for one trade. Set by the owner
-- and by nobody else; null asks for nothing, nothing (0) asks for each.
alter table consents
  add column confirm_above bigint check (confirm_above >= 0),
  add constraint who_is_paid_confirms_nothing check (purpose = 'pay' or confirm_above is null);

-- `waiting`: the owner was asked. `objected`: the owner has said no, and operators decide. `allowed`: the server may have it
-- paid now. `refused`: for good. `total` is what was paid for the trade before, with this; `digest` is of the instruction, so
-- that what is confirmed is what is paid. `at` is when it was paid, or asked for. `seen_at`: the owner has had it before them.
alter table settlements
  add column state text not null default 'paid'
    check (state in ('paid', 'waiting', 'objected', 'allowed', 'refused')),
  add column total bigint,
  add column digest bytea,
  add column seen_at timestamptz,
  add column decided_at timestamptz,
  add column objection text,
  add column decision text,
  add constraint asked_is_whole check (state = 'paid' or num_nonnulls(total, digest) = 2),
  add constraint objected_says_why check (state <> 'objected' or objection is not null);
create unique index settlements_asked on settlements (reservation) where state in ('waiting', 'objected', 'allowed');
create index settlements_unpaid on settlements (reservation) where state <> 'paid';

-- Who has said what to a payment that waited: its owner, the clock, or two operators. Sealed.
create table settlement_answers (
  id uuid primary key,
  settlement uuid not null references settlements,
  answer text not null check (answer in ('confirmed', 'objected', 'silent', 'pay', 'refuse')),
  role text not null check (role in ('holder', 'clock', 'operator')),
  actor uuid,
  confirmed_by uuid,
  at timestamptz not null
);
revoke update, delete, truncate on settlement_answers from kenshu_app;
