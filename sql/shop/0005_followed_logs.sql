-- What this shop has seen of the log of each server at which it sells, to hold the server to it.
create table followed_logs (
  till text primary key check (till ~ '^[a-z0-9-]{1,40}$'),
  -- By which the log signs: from the configuration, or the one that was seen first.
  key text not null,
  -- The last checkpoint that was verified.
  note text not null,
  -- The first answer that contradicts it, and why; it stays until the configuration names another key.
  broken text,
  broken_note text,
  broken_at timestamptz,
  check ((broken is null) = (broken_at is null) and (broken is null) = (broken_note is null))
);
