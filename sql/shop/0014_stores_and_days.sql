-- What was done about stores of a chain and the orders that are offered to them is in the record, too: by whom, at which server.
alter table staff_record
  drop constraint staff_record_act_check,
  drop constraint staff_record_check,
  drop constraint staff_record_check1;
alter table staff_record
  add constraint staff_record_act_check check (act in ('add', 'role', 'password', 'end', 'returns',
    'invite', 'drop', 'wait', 'agree', 'leave', 'take', 'pass')),
  add constraint staff_record_whom_check check ((act in ('add', 'role', 'password', 'end')) = (member is not null)),
  add constraint staff_record_what_check check ((act in ('password', 'end')) = (said is null));

-- What moved for each order, by the clock of the server at which it is paid, as the shop has heard of it: newly frozen, paid, given
-- free, paid back, and the fees. See decision 0080.
create table money_moves (
  kind text not null check (kind in ('frozen', 'settled', 'released', 'refunded', 'fee')),
  currency text not null,
  at timestamptz not null,
  order_id uuid not null references orders,
  version integer not null,
  amount bigint not null check (amount <> 0),
  primary key (kind, currency, at, order_id, version)
);
create index money_moves_by_order on money_moves (order_id);

-- The same in quarters of an hour, of which the days of every time zone are made.
create table money_slots (
  slot timestamptz not null,
  kind text not null,
  currency text not null,
  times bigint not null,
  amount numeric(40) not null,
  primary key (slot, kind, currency)
) with (fillfactor = 50);

-- Of before, what it has come to stands where the order last changed.
insert into money_moves (kind, currency, at, order_id, version, amount)
  select moved.kind, o.currency, (o.view ->> 'updatedAt')::timestamptz, o.id, o.version, moved.amount
  from orders o
  cross join lateral (select coalesce((o.view ->> 'frozen')::bigint, 0) as frozen, coalesce((o.view ->> 'settled')::bigint, 0) as settled,
    coalesce((o.view ->> 'released')::bigint, 0) as released, coalesce((o.view ->> 'refunded')::bigint, 0) as refunded,
    coalesce((o.view ->> 'fee')::bigint, 0) as fee) v
  cross join lateral (values ('frozen', v.frozen + v.settled + v.released), ('settled', v.settled), ('released', v.released),
    ('refunded', v.refunded), ('fee', v.fee)) as moved (kind, amount)
  where o.view is not null and o.version is not null and moved.amount <> 0;
insert into money_slots (slot, kind, currency, times, amount)
  select to_timestamp(floor(extract(epoch from at) / 900) * 900), kind, currency, count(*), sum(amount)
  from money_moves group by 1, 2, 3;

-- What is old is found by its age, however much there is.
create index carts_by_age on carts (changed_at);
create index staff_sessions_by_end on staff_sessions (expires_at);
create index staff_tries_by_end on staff_tries (until);

-- Days are no longer those of the orders. Last, since it holds up everybody who asks for an order.
drop index orders_by_day;
