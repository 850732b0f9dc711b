-- What is told of a bill that ended since the lender of the line has made good what was owed on it: nobody has paid it here.
alter table bill_news drop constraint bill_news_kind_check;
alter table bill_news add constraint bill_news_kind_check check (kind in
  ('bill', 'bill grown', 'bill soon', 'bill overdue', 'instalments', 'whole due', 'bill paid', 'made good', 'written off'));
