-- To whom a line is lent, and on which account that lender makes good, is noted as other rights are (decision 0030): money of a
-- trade goes there where its shop lent the line itself. How far the account goes is noted of the account. A trade, a part given to
-- a member and a line that is stopped set none of these columns.
set local timezone = 'UTC';
set local bytea_output = 'hex';
create trigger note_right after insert or update of id, lender, currency, account or delete on lent_lines
  for each row execute function note_right('{id}', '{lender,currency,account}', '{}');
insert into rights (relation, key, nth, lasting, present, writer, at)
select 'lent_lines', right_key(line, '{id}'), 1, right_part(line, '{lender,currency,account}'), '{}', 'migration', kenshu_now()
from (select to_jsonb(t) as line from lent_lines t) as lines;
