-- Where each guarantee stands, for those at a guarantor who watch over them: entered after the commit, in the pass of the feed,
-- so that no step of a trade waits for it. See decision 0076.

-- `ends_at` is when something happens by itself; of what was claimed or has ended, when it last changed. `amount` is what the
-- line holds, or what was claimed or collected; `due` what is to be paid at the collector now. `rough`: entered by this
-- migration, to be looked at once more by the program, which knows what a part of a line is worth.
create table guarantees (
  number bigint primary key,
  id uuid not null,
  phase text not null check (phase in ('earmarked', 'open', 'due', 'collected', 'claimed', 'ended')),
  currency text not null,
  amount bigint not null,
  due bigint not null,
  ends_at timestamptz not null,
  rough boolean not null default false
) with (fillfactor = 70);
create index guarantees_by_phase on guarantees (phase, currency, ends_at, id);
create index guarantees_rough on guarantees (number) where rough;

-- How many stand where, and for how much.
create table guarantee_sums (
  phase text not null,
  currency text not null,
  guarantees bigint not null,
  amount numeric(40) not null,
  due numeric(40) not null,
  primary key (phase, currency)
) with (fillfactor = 50);

-- Credit lines of which little is left: how many hundredths were in use when somebody looked last.
create table near_lines (
  account uuid primary key,
  person uuid not null,
  currency text not null,
  share integer not null check (share >= 0),
  looked_at timestamptz not null
) with (fillfactor = 70);
create index near_lines_by_share on near_lines (share, account);
create index near_lines_by_look on near_lines (looked_at);

-- What members owe stands in pages by when it was due.
create index bills_by_due on bills (due_at, id) where state = 'open';

-- Of a payment, the part that is its server's fee is an entry of its own: a counter's day tells the two as one.
create index collection_payments_by_fee on collection_payments (fee_command) where fee_command is not null;

with stood as (
  select number, id, currency, updated_at, reserved_until, frozen, progress -> 'guarantee' as g, terms ->> 'earmark' as earmark,
    frozen + (progress -> 'guarantee' ->> 'collected')::bigint - (progress -> 'guarantee' ->> 'freed')::bigint as held
  from trades where progress -> 'guarantee' is not null)
insert into guarantees (number, id, phase, currency, amount, due, ends_at, rough)
select number, id, case
    when held = 0 and (g ->> 'claimed')::bigint > 0 then 'claimed'
    when held = 0 then 'ended'
    when g ->> 'payBy' is not null then 'due'
    when (g ->> 'collected')::bigint > (g ->> 'freed')::bigint then 'collected'
    when earmark = 'true' then 'earmarked'
    else 'open' end,
  currency, held, 0, coalesce((g ->> 'payBy')::timestamptz, reserved_until, updated_at), true
from stood;
insert into guarantee_sums (phase, currency, guarantees, amount, due)
select phase, currency, count(*), sum(amount), 0 from guarantees group by phase, currency;
insert into near_lines (account, person, currency, share, looked_at)
select a.id, m.person, a.currency, trunc((a.held - a.posted)::numeric * 100 / -(a.floor::numeric))::integer, kenshu_now()
from accounts a join methods m on m.account = a.id and m.kind = 'credit' and m.state <> 'closed' and m.trade is null
where a.floor < 0 and (a.held - a.posted)::numeric * 100 >= -(a.floor::numeric) * 80;
