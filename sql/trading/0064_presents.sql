-- From whom a present is, and the buyer's greeting: sealed under the key of its recipient, and erased with them.
alter table trade_recipients add column giver bytea, add column greeting bytea;
