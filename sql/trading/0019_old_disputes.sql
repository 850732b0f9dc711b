-- Trades from before goods under way were counted have deadlines now that nobody has looked for, above all those of disputes,
-- at which the clock did not look at all. It looks once at each that is open, and finds what comes next by itself.
update trades set wake_at = least(wake_at, kenshu_now()) where frozen > 0;

-- An operator has fourteen days for a dispute of that time, as the machine reads it.
update disputes set decide_by = opened_at + interval '14 days' where ended_at is null and decide_by = 'infinity';
