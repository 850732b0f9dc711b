-- How members come to shops, and shops that come for a time. See decision 0046.

-- Shops that want to be found on the page of a server (paragraph 0079): where a member goes, and a sentence. `url` is one of the
-- shop's registered addresses; where it is not one any more, nobody is led there.
create table listings (
  shop uuid primary key,
  url text not null check (char_length(url) between 8 and 400),
  sentence text not null check (char_length(sentence) between 1 and 200)
);

-- Shops that come for a time (paragraph 0088): from then on they open no trades, and their keys have ended.
create table stays (
  shop uuid primary key,
  until timestamptz not null
);
create trigger note_right after insert or update of shop, until or delete on stays
  for each row execute function note_right('{shop}', '{until}', '{}');
