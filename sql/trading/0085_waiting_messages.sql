-- Messages on their way stand in a table of their own: each attempt and its end write a row of a hundred bytes and no longer the
-- message with all its indexes. A row of webhook_deliveries changes once in most cases, when the message has arrived, and nothing
-- that changes then stands in an index.

-- A server of an older version that still runs would write messages that nobody sends: it fails instead.
lock table webhook_deliveries in access exclusive mode;
alter table webhook_deliveries alter column state drop default;

-- A row for each message that waits or is being sent, `bytes` being the length of its payload. `next_at` is by the server's clock,
-- which a sandbox moves; `leased_until` is about a process at work, and by the real one.
create table waiting_messages (
  id uuid primary key,
  endpoint uuid not null,
  bytes integer not null,
  attempts smallint not null default 0,
  next_at timestamptz not null,
  leased_until timestamptz,
  created_at timestamptz not null
) with (fillfactor = 50);
create index waiting_messages_by_time on waiting_messages (endpoint, next_at);

insert into waiting_messages (id, endpoint, bytes, attempts, next_at, leased_until, created_at)
  select id, endpoint, octet_length(payload), attempts, next_at, leased_until, created_at
  from webhook_deliveries where state = 'waiting';

drop index webhook_deliveries_waiting;
drop index webhook_deliveries_taken;
create index webhook_deliveries_of_trade on webhook_deliveries (trade) where trade is not null;
-- While a message waits, how often it was tried and when it is tried next stand in waiting_messages only.
alter table webhook_deliveries drop column leased_until;
alter table webhook_deliveries set (fillfactor = 50);
