-- A key that was replaced stays published for the words (guarantees) that it has signed, until the last of them has run out, and
-- signs nothing any more: its private half is erased. See decision 0012.
-- `public_key` is the `x` of its JWK; whoever starts enters it where it is missing. `words_until`: by the clock of the server
-- (kenshu_now), until when something that it has signed may be believed; null where it has signed none.
alter table signing_keys
  add column public_key text check (char_length(public_key) = 43),
  add column words_until timestamptz,
  alter column private_key drop not null,
  add constraint erased_when_ended check (private_key is not null or (public_key is not null and ends_at is not null));

-- Which key has signed a word that was given before, nobody has written down.
update signing_keys set words_until = (select max(until) from vouched) where purpose = 'messages';
