-- What a caller says is found at the same cost, however many shops there are: docs/decisions/0081-found-among-many.md.

-- The names of shops from each of their characters on, as they are said (src/storage/parties/spoken.ts): a text stands somewhere
-- in a name where it begins one of these. A start enters those of shops from before.
create table shop_names (
  form text collate "C" not null,
  shop uuid not null references parties on delete cascade,
  primary key (form, shop)
);
create index shop_names_by_shop on shop_names (shop);

-- References, and what trades come to, stand under nobody as well, for whoever looks among the trades of all shops.
insert into trade_marks (party, mark, created_at, id, number)
  select distinct '00000000-0000-0000-0000-000000000000'::uuid, (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-8' || substr(h, 14, 3)
    || '-a' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid, created_at, id, number
  from trades, lateral (values ('reference' || chr(1) || (terms ->> 'reference')),
      ('amount' || chr(1) || currency || chr(1) || amount)) as known (what),
    lateral (select encode(sha256(convert_to(what, 'UTF8')), 'hex') as h) as hashed
  where what is not null and terms ->> 'earmark' is distinct from 'true';

-- By what people are found is made once more, in other digests (src/engines/marks/marking.ts).
delete from person_marks;
update personal_keys set marked = false where marked;
