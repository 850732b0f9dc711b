-- Shops that want to be found on the page of a server (paragraph 0079): where a member goes, and a sentence. See decision 0046.
-- `url` is one of the shop's registered addresses; where it is not one any more, nobody is led there.
create table listings (
  shop uuid primary key,
  url text not null check (char_length(url) between 8 and 400),
  sentence text not null check (char_length(sentence) between 1 and 200)
);
