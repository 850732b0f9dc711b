-- What was paid and its server has not heard of yet, in a table of its own: as an index on `collections` it made every payment
-- write all indexes of that table anew. A row is there exactly while `heard < paid`.
create table payment_news (
  collection uuid primary key,
  peer uuid not null,
  paid_at timestamptz not null
);
create index payment_news_of on payment_news (peer, paid_at, collection);
insert into payment_news (collection, peer, paid_at)
  select id, peer, paid_at from collections where heard < paid;
drop index collections_unheard;
