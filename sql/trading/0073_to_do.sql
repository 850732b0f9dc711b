-- What a trade asks of its shop next, and when that ends: a shop's orders stand in lists by it, what ends soon first. Worked out
-- after the commit like the rest of these lists (0042), so that no step of a trade waits for it. See decision 0070.
alter table party_trades add column todo text check (todo in ('approve', 'ship', 'way', 'look', 'pay', 'back', 'dispute'));
alter table party_trades add column ends_at timestamptz;
alter table party_trades add constraint to_do_ends check ((todo is null) = (ends_at is null));

update party_trades d set todo = w.todo, ends_at = coalesce(w.ends_at, '9999-01-01Z')
from trades t
cross join lateral (select case
  when t.state in ('proposed', 'refused') then 'approve'
  when t.state = 'disputed' then 'dispute'
  when t.wake_at is null or t.state in ('cancelled', 'expired') then null
  when t.state = 'reserved' and json_array_length(t.progress -> 'lots') = 0 then 'ship'
  when exists (select from json_array_elements(t.progress -> 'lots') l where l ->> 'at' in ('rejected', 'withdrawn')) then 'back'
  when t.state = 'accepted' then 'pay'
  when t.state in ('reserved', 'delivered') and exists (
    select from json_array_elements(t.terms -> 'lines') with ordinality as a (line, nth)
    cross join lateral (select t.progress -> 'lines' -> (nth - 1)::int as done) p
    where coalesce(a.line ->> 'kind', 'goods') in ('goods', 'service') and (a.line ->> 'quantity')::int >
      (p.done ->> 'accepted')::int + (p.done ->> 'rejected')::int + (p.done ->> 'ended')::int
      + coalesce((select sum((l ->> 'quantity')::int) from json_array_elements(t.progress -> 'lots') l
        where (l ->> 'line')::int = nth and l ->> 'at' in ('shipped', 'delivered')), 0)) then 'ship'
  when t.state = 'reserved' then 'way'
  when t.state = 'delivered' then 'look' end as todo) s
cross join lateral (select s.todo, case s.todo
  when 'approve' then t.approve_by
  when 'ship' then least(t.ship_by, t.reserved_until)
  when 'way' then coalesce((t.progress -> 'clocks' ->> 'deliverBy')::timestamptz, t.wake_at)
  when 'look' then coalesce(t.accept_by, t.wake_at)
  when 'pay' then coalesce(t.payment_date, (t.progress -> 'guarantee' ->> 'claimFrom')::timestamptz, t.wake_at)
  when 'back' then coalesce(least((t.progress -> 'clocks' ->> 'inspectBy')::timestamptz,
    (t.progress -> 'clocks' ->> 'returnBy')::timestamptz), t.wake_at)
  when 'dispute' then coalesce(t.progress -> 'disputed' ->> 'answerBy', t.progress -> 'disputed' ->> 'decideBy')::timestamptz
  end as ends_at) w
where t.number = d.number and w.todo is not null and d.party in (t.shop, t.chain);

create index party_trades_to_do on party_trades (party, todo, ends_at, id) where todo is not null;
