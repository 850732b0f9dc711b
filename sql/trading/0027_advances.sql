-- From when a shop is paid early. That it may be, was the usual and said nothing, so it is the new usual; that it may not, an
-- operator had said.
alter table standings alter column paid_early type text
  using case when paid_early then 'afterShipping' else 'never' end;
alter table standings
  add constraint paid_early_is_known check (paid_early in ('afterShipping', 'always', 'never'));
