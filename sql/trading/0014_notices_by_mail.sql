-- Who has to act is told: one row for an event of a trade and each person who is told of it by mail, written with the event.
-- No address and no name stand here; they are read from where they are sealed when the mail is sent. `seq` is that of the
-- row in trade_events. `asks`: the reader has something to do, and a clock runs. In a sandbox without a mail server a mail
-- is `kept` and shown; `taken`: the mail server of the reader, or ours for them, has it. `next_at` is by the server's
-- clock, `leased_until` is about a process at work, and by the real one.
create table mails (
  id uuid primary key,
  trade bigint not null,
  seq integer not null,
  party uuid not null,
  reader text not null check (reader in ('buyer', 'recipient', 'shop')),
  kinds text[] not null check (cardinality(kinds) > 0),
  asks boolean not null,
  at timestamptz not null,
  state text not null check (state in ('waiting', 'taken', 'kept', 'failed')),
  attempts smallint not null default 0,
  next_at timestamptz,
  leased_until timestamptz,
  last_error text,
  constraint waiting_has_its_time check (state <> 'waiting' or next_at is not null)
) with (fillfactor = 80);
create unique index mails_once on mails (trade, seq, party);
create index mails_waiting on mails (next_at) where state = 'waiting';
create index mails_failed on mails (at) where state = 'failed';

-- Which webhooks of a trade were taken: whoever took one was told.
create index webhook_deliveries_taken on webhook_deliveries (trade) where state = 'delivered' and trade is not null;

-- When somebody was last there, signed in or with a key, to the hour. It goes with the person.
create table presences (
  subject uuid primary key,
  seen_at timestamptz not null
) with (fillfactor = 70);

-- In which language somebody is written to; null where nobody has said.
alter table people add column language text check (language in ('en', 'ja'));
alter table parties add column language text check (language in ('en', 'ja'));
