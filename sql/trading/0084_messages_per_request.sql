-- So many messages come to an endpoint in one request, at most: its receiver has said that it takes several.
alter table webhook_endpoints add column per_request smallint not null default 1 check (per_request between 1 and 100);
