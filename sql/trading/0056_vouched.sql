-- What a guarantor has said of its guarantees in words that are read offline, so that it can say which of them have ended
-- (paragraphs 0075, 0078). See decision 0047.

-- One row is one word: for one trade, one order, and an amount; at most one of a trade holds at a time. `idx` is its place in the
-- signed lists of what has ended. `touched`: something has happened to the trade since it was looked at.
create table vouched (
  idx bigint generated always as identity (minvalue 0 start with 0) primary key,
  number bigint not null,
  order_digest text not null check (char_length(order_digest) = 43),
  amount bigint not null check (amount >= 0),
  until timestamptz not null,
  touched boolean not null default false,
  ended boolean not null default false
);
create unique index vouched_one_holds on vouched (number) where not ended;
create index vouched_touched on vouched (idx) where touched and not ended;
create index vouched_ended on vouched (idx) where ended;
