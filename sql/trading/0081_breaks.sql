-- Where two sides do not agree about money: this server's books and another server's, or a balance here and the entries it is
-- made of. A row is one such difference, from the day it was first seen on; it is never taken away. `party`: the other server,
-- or `books`. `subject`: the number or id of what differs, or nothing where it is the sums of both. `reference`: what the
-- other side calls it. `version` grows where the difference becomes another one, or comes back after it was gone.
create table breaks (
  id uuid primary key,
  party text not null check (length(party) between 1 and 100),
  subject text not null check (length(subject) <= 200),
  what text not null check (length(what) between 1 and 200),
  here text not null check (length(here) <= 500),
  there text not null check (length(there) <= 500),
  reference text check (length(reference) between 1 and 200),
  currency text check (currency ~ '^[A-Z]{3}$'),
  difference bigint,
  state text not null default 'open' check (state in ('open', 'explained', 'closed')),
  version integer not null default 1 check (version > 0),
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  agrees_since timestamptz,
  constraint breaks_once unique (party, subject, what)
) with (fillfactor = 80);
create index breaks_by_state on breaks (state, id);
create index breaks_that_are on breaks (party, id) where agrees_since is null;
revoke delete, truncate on breaks from kenshu_app;

-- What was said of a break, and by whom; how it stood then. `found again`: the comparison found it after it was explained or
-- closed, and so it is open. Sealed.
create table break_words (
  id uuid primary key,
  break uuid not null references breaks,
  word text not null check (word in ('found again', 'explained', 'closed')),
  version integer not null,
  here text not null,
  there text not null,
  difference bigint,
  reason text check (length(reason) between 1 and 500),
  operator uuid,
  confirmed_by uuid,
  at timestamptz not null,
  constraint operators_say_why check ((word = 'found again') = (operator is null) and (operator is null) = (reason is null)),
  constraint no_second_of_their_own check (confirmed_by <> operator)
);
create index break_words_of on break_words (break, id);
revoke update, delete, truncate on break_words from kenshu_app;

-- Which operator has looked at where money or a sign-in goes by an act that waits: whoever has not, does not confirm it. The look
-- itself is in lookups, sealed.
create table act_looks (
  act uuid not null references operator_acts,
  operator uuid not null,
  at timestamptz not null,
  primary key (act, operator)
);
revoke update, delete, truncate on act_looks from kenshu_app;
