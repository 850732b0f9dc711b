-- A store is open by the clocks of a time zone. Until now its hours were those of UTC, and what was said so stays so.
alter table chain_stores add column time_zone text not null default 'UTC';
alter table chain_stores alter column time_zone drop default;

-- A start looks for money in a currency that the configuration does not name any more.
create index accounts_by_currency on accounts (currency);
