-- Acceptance by others than the buyer at their own screen (patent 0031, 0089). No code stands in any of these tables:
-- codes are made from the server's secret and what is here (src/doorstep/codes.ts).

-- Whoever brings the goods has reported being at the door. Each report makes a new `id`, and with it new codes;
-- `wrong` counts over all of them. `spent_by` is the request that used a code of this window.
create table door_windows (
  trade bigint primary key,
  id uuid not null,
  hand uuid not null,
  version integer not null,
  until timestamptz not null,
  wrong integer not null default 0,
  spent_by bytea,
  unlocked_by uuid,
  unlocked_at timestamptz
);

-- Wrong codes of each carrier and provider within the hour.
create table door_tries (
  hand uuid primary key,
  hour timestamptz not null,
  wrong integer not null
);

-- Wrong codes of those who say that they are a trade's recipient, with its link and without.
create table recipient_tries (
  trade bigint not null,
  with_link boolean not null,
  wrong integer not null,
  unlocked_by uuid,
  unlocked_at timestamptz,
  primary key (trade, with_link)
);

-- Recipients who have shown link and code.
create table recipient_sessions (
  hash bytea primary key,
  recipient uuid not null,
  trade bigint not null,
  expires_at timestamptz not null
);
create index recipient_sessions_by_end on recipient_sessions (expires_at);
