-- What an operator has asked for and another one has confirmed is found by the days in which it was asked for, however much they
-- have ever asked for.
create index operator_acts_confirmed on operator_acts (operator, created_at, id) where confirmed_by is not null;
