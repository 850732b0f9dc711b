-- Credit lines that are lent to a shop or an intermediary, who approves its own members within them (paragraph 0081). See
-- decision 0045.

alter table accounts drop constraint accounts_kind_check,
  add constraint accounts_kind_check check (kind in
    ('deposit', 'credit', 'prepaid', 'shop', 'fee', 'outside', 'suspense', 'collector', 'lender', 'losses'));

-- What comes back to a credit line whose debt its lender has made good is the lender's, while what runs on it goes on.
alter table accounts drop constraint heirs_follow_the_end,
  add constraint heirs_follow_the_end check (heir is null or ((closed or kind = 'credit') and heir <> id));

-- `account` is the lender's: what it has to make good for its members stands there. Its floor is what of the line is given to
-- nobody, and the floors of its members' accounts are what is: together they are the line, to the minor unit. `stopped_at`:
-- nothing new comes of it.
create table lent_lines (
  id uuid primary key,
  lender uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  account uuid not null unique,
  most bigint not null check (most >= 0),
  given bigint not null default 0 check (given >= 0),
  stopped_at timestamptz,
  created_at timestamptz not null,
  constraint no_more_than_lent check (given <= most),
  constraint one_line_of_a_lender unique (lender, currency)
) with (fillfactor = 70);
revoke delete, truncate on lent_lines from kenshu_app;

-- Whom a member lets give them credit. Without it nobody puts a member's name on a line, nor learns that there is such a member.
create table lender_leaves (
  person uuid not null,
  lender uuid not null,
  given_at timestamptz not null,
  taken_back_at timestamptz,
  primary key (person, lender)
);

-- What of a line is given to a member. `owing_since`: since when something is owed on it. `called`: the lender has made good what
-- was owed, and the member has no such line any more; `most` is what runs on it still.
create table lent_shares (
  id uuid primary key,
  line uuid not null,
  person uuid not null,
  method uuid not null unique,
  account uuid not null unique,
  most bigint not null check (most >= 0),
  state text not null check (state in ('open', 'called')),
  owing_since timestamptz,
  called_at timestamptz,
  created_at timestamptz not null,
  constraint called_at_a_time check ((state = 'called') = (called_at is not null))
) with (fillfactor = 70);
create unique index one_share_of_a_member on lent_shares (line, person) where state = 'open';
create index lent_shares_of on lent_shares (line, id);
create index lent_shares_by_person on lent_shares (person);
revoke delete, truncate on lent_shares from kenshu_app;

-- Who stands for the member of this line, and where: a trade that is reserved on it says so.
alter table methods
  add column lender uuid,
  add column lender_account uuid,
  add constraint lent_is_credit check ((lender is null) = (lender_account is null) and (lender is null or kind = 'credit'));
