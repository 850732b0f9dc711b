-- What another server has answered that cannot be the answer to what it was asked, as it signed it. Until an operator has
-- looked, that server is asked nothing more. The reply covers the Signature field of the request, so that is kept as well.
create table breaches (
  id uuid primary key,
  peer uuid not null,
  instruction uuid not null,
  trade bigint not null,
  asked json not null,
  answered json,
  request_signature text not null,
  status smallint not null,
  fields json not null,
  reply bytea not null,
  at timestamptz not null,
  looked_at timestamptz,
  looked_by uuid,
  constraint looked_at_by_somebody check ((looked_at is null) = (looked_by is null))
);
create index breaches_by_peer on breaches (peer, id);
create index breaches_open on breaches (peer) where looked_at is null;
revoke delete, truncate on breaches from kenshu_app;

-- What the reservation has to be once an instruction is done; null where that is not known beforehand.
alter table instructions add column expected json;
