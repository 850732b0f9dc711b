-- What a shop hears from the servers at which it sells: the endpoint to which each of them tells what happens, with its
-- secret under a key that the configuration wraps; where customers may be sent back to from there; and up to where its list of events has
-- been read. While `held_until` lies ahead, a process is at it.
create table heard_tills (
  till text primary key check (till ~ '^[a-z0-9-]{1,40}$'),
  held_until timestamptz,
  kek bytea,
  wrapped bytea,
  secret bytea,
  return_url text,
  position text,
  check (num_nonnulls(kek, wrapped, secret) in (0, 3))
);

-- Messages that have been taken: the same one may come again.
create table heard_messages (
  till text not null,
  message text not null,
  heard_at timestamptz not null default clock_timestamp(),
  primary key (till, message)
);
create index heard_messages_by_age on heard_messages (heard_at);

-- The version of its trade that the shop has heard of, which may be newer than the one that it knows.
alter table orders add column heard integer;
