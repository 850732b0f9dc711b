-- A store is open by the clocks of a time zone. Until now its hours were those of UTC, and what was said so stays so.
alter table chain_stores add column time_zone text not null default 'UTC';
alter table chain_stores alter column time_zone drop default;
