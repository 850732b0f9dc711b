-- An endpoint may have a name of its owner's: who says the same again, as a shop does at each start, has one endpoint and not two.
alter table webhook_endpoints add column name text;
create unique index webhook_endpoints_by_name on webhook_endpoints (owner, name) where name is not null and state <> 'deleted';
