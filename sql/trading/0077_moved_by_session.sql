-- What a session alone has moved of a currency lately, by the real clock: many amounts that each need no proof may need one in
-- sum. `used_for` is the last press of it, so that the same one again is not counted twice.
create table moved_by_session (
  login uuid not null,
  currency text not null,
  since timestamptz not null,
  amount bigint not null check (amount > 0),
  used_for bytea not null check (octet_length(used_for) = 32),
  primary key (login, currency)
) with (fillfactor = 80);
