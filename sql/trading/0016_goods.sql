-- What a member wants at least of a trade under a mandate: durations, as the machine names them. Without it, a mandate
-- covers what the server has by default.
alter table mandates add column terms json;
