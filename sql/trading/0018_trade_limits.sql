-- What a consent's limit for one trade counts: all that is reserved under it for that trade.
create index reservations_by_payer on reservations (payer, trade_number);
