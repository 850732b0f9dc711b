-- What a party's name looks like (storage/parties/lookalikes.ts): names with one of these in common look alike. Null of those
-- that were entered before, until a server has started.
alter table parties add column looks text[];
create index parties_by_looks on parties using gin (looks);

-- Why a party may have a name that looks like another's.
alter table party_acts
  drop constraint party_acts_kind_check,
  add constraint party_acts_kind_check check (kind in ('independence', 'standing', 'look_alike'));
