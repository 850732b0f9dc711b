-- Wrong passwords and wrong proofs, counted where all processes see them and a restart forgets nothing. `name` is an HMAC
-- of who has tried what: no address of a person or a machine stands here. A count ends with its window.
create table tries (
  name bytea primary key,
  wrong integer not null,
  until timestamptz not null
) with (fillfactor = 50);
create index tries_by_end on tries (until);

-- The tries of recipients come back with time; before, only an operator gave them back.
alter table recipient_tries add column until timestamptz not null default '-infinity';
