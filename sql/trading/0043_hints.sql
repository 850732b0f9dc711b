-- What a shop says of a buyer who is not known here yet: any part of it, sealed like the rest, and only as long as nobody has
-- answered.
alter table guest_forms alter column name drop not null;
alter table guest_forms alter column address drop not null;
alter table guest_forms add column email bytea;
alter table guest_forms add column phone bytea;
alter table guest_forms add column locale bytea;
