-- What a member has let another server do may be made less, and, as if it were given anew, more. The limits and the end are then
-- what holds now; `given` is what they were at first, by which the consent is sealed. What they were in between stands in
-- `rights`, as each change is noted. See docs/decisions/0064-limits-and-addresses.md.
set local timezone = 'UTC';
set local bytea_output = 'hex';
alter table consents add column given json;
drop trigger note_right on consents;
create trigger note_right
  after insert or update of id, confirm_above, limit_trade, limit_month, until or delete on consents
  for each row execute function note_right('{id}', '{}', '{confirm_above,limit_trade,limit_month,until}');
insert into rights (relation, key, nth, lasting, present, writer, at)
select 'consents', lines.key, noted.nth + 1, '{}',
  right_part(line, '{confirm_above,limit_trade,limit_month,until}'), 'migration', kenshu_now()
from (select id::text as key, to_jsonb(t) as line from consents t) as lines
  join (select key, max(nth) as nth from rights where relation = 'consents' group by key) as noted on noted.key = lines.key;

-- Who is erased is told by a mail to the address that is forgotten with them; a shop, that goods go back to another place.
alter table letters
  drop constraint letters_kind_check,
  add constraint letters_kind_check check (kind in
    ('reset', 'confirm', 'password', 'profile', 'moved', 'bank account', 'applied', 'admitted', 'joined',
     'credit granted', 'credit refused', 'funded', 'debt', 'passkey', 'erased', 'return address'));
