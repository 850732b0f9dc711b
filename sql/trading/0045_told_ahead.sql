-- Deadlines are told of three days ahead and one. What is told of a trade from before is looked for when its first deadline is
-- three days away; a look that comes too early costs little, and sets the next one. Only trades that a clock can still move are
-- touched: the others have no deadline that matters, but for the end of the time to change one's mind.
update trades set wake_at = greatest(kenshu_now(), ahead.at)
from (
  select id, case when state in ('proposed', 'refused') then approve_by
    else least(reserved_until, ship_by, accept_by, payment_date, (progress -> 'clocks' ->> 'deliverBy')::timestamptz,
      (progress -> 'clocks' ->> 'returnBy')::timestamptz, (progress -> 'clocks' ->> 'inspectBy')::timestamptz,
      (progress -> 'disputed' ->> 'answerBy')::timestamptz, (progress -> 'disputed' ->> 'decideBy')::timestamptz)
    end - interval '3 days' as at
  from trades where wake_at is not null and pending is null) as ahead
where trades.id = ahead.id and ahead.at < trades.wake_at and trades.wake_at > kenshu_now();
