-- The month of a consent's limit is kept as the two instants between which it counts, so that whoever audits a copy of these
-- tables needs not know of the time zone by which it began, nor whether the server has moved to another since.
set local timezone = 'UTC';
alter table consents
  add column month_from timestamptz,
  add column month_until timestamptz,
  add constraint month_is_whole check ((month_from is null) = (month_until is null) and month_from <= month_until);

-- By whose clocks the months that run have begun, nobody has written down: those by which most of a thousand of them come to
-- what was spent; of these whole hours first, and the nearest to UTC.
with running as materialized (
    select id, month, spent from consents
    where limit_month is not null and month + interval '1 month 14 hours' > kenshu_now() order by id desc limit 1000),
  moved as materialized (
    select m.id, r.created_at, e.at, e.held
    from running m join reservations r on r.payer = m.id and r.created_at >= m.month - interval '14 hours'
      join entries e on e.hold = r.id and e.kind in ('hold', 'release', 'expire')),
  tried as (
    select minutes, m.id, m.spent, coalesce(sum(v.held) filter (where v.created_at >= m.month + shift
        and v.created_at < m.month + interval '1 month' + shift and v.at < m.month + interval '1 month' + shift), 0) as held
    from generate_series(-14 * 60, 12 * 60, 15) as minutes, make_interval(mins => minutes) as shift, running m
      left join moved v on v.id = m.id
    group by minutes, m.id, m.spent),
  best as (
    select minutes from tried group by minutes
    order by count(*) filter (where held <> spent), minutes % 60 <> 0, abs(minutes), minutes limit 1)
update consents set month_from = month + shift, month_until = month + interval '1 month' + shift
from (select make_interval(mins => coalesce((select minutes from best), 0)) as shift) as clocks
where month is not null;

-- What was spent in a month that has gone counts for nothing.
update consents set spent = 0, month_from = month_until
where month + interval '1 month 14 hours' <= kenshu_now();

alter table consents drop column month;
