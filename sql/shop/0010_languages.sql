-- What goods are called in other languages than the first one, and the language in which an order was placed: what the shop
-- writes about it to others, whom its customer reads, stays in that one.
create table product_words (
  product text not null references products on delete cascade,
  language text not null check (language ~ '^[a-z]{2}$'),
  name text not null,
  description text not null,
  primary key (product, language)
);
alter table orders add column language text not null default 'en' check (language ~ '^[a-z]{2}$');
