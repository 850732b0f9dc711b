-- Credit that a member asks for with one trade (paragraph 0085), and how much a server stands for. See decision 0045.

-- A credit line that was granted for one trade pays for nothing else; a trade has one at a time.
alter table methods
  add column trade bigint,
  add constraint for_one_trade check (trade is null or kind = 'credit');
create unique index one_line_for_a_trade on methods (trade) where trade is not null and state <> 'closed';

-- `asked`: operators have not decided. `granted`: the line is open, and the trade is to be approved for the buyer. `used`: it
-- was. `refused`: by an operator. `over`: its time is over, or the trade is another by now; `reason` says which. `version` and
-- `choice` are the trade as the buyer saw it and how they wished to pay. `line_closed_at`: the trade has ended, and the line
-- is worth nothing any more.
create table credit_requests (
  id uuid primary key,
  trade bigint not null,
  person uuid not null,
  version integer not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  choice json not null,
  role text not null check (role in ('buyer', 'operator')),
  actor uuid not null,
  speech json,
  state text not null check (state in ('asked', 'granted', 'used', 'refused', 'over')),
  method uuid,
  account uuid,
  decided_by uuid,
  confirmed_by uuid,
  reason text,
  created_at timestamptz not null,
  until timestamptz not null,
  decided_at timestamptz,
  line_closed_at timestamptz,
  constraint spoken_to_an_operator check ((role = 'operator') = (speech is not null)),
  constraint granted_has_a_line check ((method is null) = (account is null)),
  constraint line_was_granted check ((state in ('granted', 'used')) <= (account is not null)),
  constraint nobody_decides_alone check (decided_by is distinct from confirmed_by or decided_by is null),
  constraint only_lines_close check (line_closed_at is null or account is not null)
);
create unique index one_request_for_a_trade on credit_requests (trade) where state in ('asked', 'granted', 'used');
create index credit_requests_of on credit_requests (trade, id);
create index credit_requests_by_person on credit_requests (person) where state = 'asked';
create index credit_requests_open on credit_requests (until, id) where state = 'asked';
create index credit_requests_granted on credit_requests (id) where state = 'granted';
create index credit_lines_open on credit_requests (id) where account is not null and line_closed_at is null;
revoke delete, truncate on credit_requests from kenshu_app;

-- How much a server stands for at most, where operators have said otherwise than its configuration: for a member at a time, for
-- a shop by the day. Nobody needs a row.
create table stand_limits (
  subject uuid not null,
  kind text not null check (kind in ('member', 'shop')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  most bigint not null check (most >= 0),
  reason text not null,
  set_by uuid not null,
  confirmed_by uuid,
  at timestamptz not null,
  primary key (subject, currency)
);

-- What a server has come to stand for anew for a shop on a day of its own time zone. `most` is the limit under which it was
-- written last. The row is what is locked where a shop has such a limit: it holds however many processes reserve at once.
create table stood_for (
  shop uuid not null,
  currency text not null,
  day date not null,
  amount bigint not null default 0 check (amount >= 0),
  most bigint not null,
  primary key (shop, currency, day),
  constraint within_the_limit check (amount <= most)
) with (fillfactor = 50);
revoke truncate on stood_for from kenshu_app;

alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in
    ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account', 'applied', 'admitted', 'joined',
     'credit granted', 'credit refused', 'funded', 'debt'));
