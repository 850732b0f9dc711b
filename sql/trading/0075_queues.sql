-- Why an operator has declined what another one asked for: for operators to read.
alter table operator_acts add column declined_reason text check (length(declined_reason) between 1 and 500);

-- Those who wait to be let in are found among all at once.
create index people_applied on people (id) where state = 'provisional' and kind = 'member';
create index parties_applied on parties (id) where state = 'applied';
