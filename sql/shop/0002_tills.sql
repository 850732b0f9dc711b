-- Where an order is paid: the id of one of the trading servers in the shop's configuration. What was ordered before
-- there was a choice is at `direct`. Trade numbers are unique at their server only.
alter table orders add column till text not null default 'direct' check (till ~ '^[a-z0-9-]{1,40}$');
alter table orders alter column till drop default;
alter table orders drop constraint orders_trade_key;
alter table orders add constraint orders_till_trade_key unique (till, trade);
