-- What the owner of an account agrees to who is paid by way of another server: how much of it that server keeps for itself.
-- Null of consents that were given before there was such a limit. `advanced` is what the server has paid the owner of its
-- own money, and has not had back.
alter table consents
  add column fee_fixed bigint check (fee_fixed >= 0),
  add column fee_basis_points integer check (fee_basis_points between 0 and 10000),
  add column advanced bigint not null default 0 check (advanced >= 0),
  add constraint fee_is_whole check ((fee_fixed is null) = (fee_basis_points is null)),
  add constraint who_pays_agrees_to_no_fee check (purpose = 'receive' or fee_fixed is null);

-- What the server has taken for itself as its fee, of what the reservation has paid.
alter table reservations add column fee_taken bigint not null default 0 check (fee_taken >= 0);

-- What operators have asked for, and what another server has answered that cannot be, is evidence: a server adds to it.
revoke delete, truncate on operator_acts, breaches from kenshu_app;
