-- Photos that buyers, recipients and shops put to what they say of goods (decision 0063). Each was made anew here and is sealed under a
-- key of its own; `digest` is that of the clear photo, under which the events of the trade name it. `owner`: the person, the shop, or of
-- a recipient who is not known but by link and code, whoever holds these. Nothing of it is ever changed but when it is looked at next.
create table trade_photos (
  id uuid primary key,
  trade bigint not null,
  owner uuid not null,
  brought_by text not null check (brought_by in ('buyer', 'recipient', 'shop')),
  digest bytea not null check (octet_length(digest) = 32),
  image bytea not null check (octet_length(image) between 100 and 524288),
  at timestamptz not null,
  look_at timestamptz not null,
  constraint photo_once unique (trade, owner, digest)
);
create index trade_photos_of_owner on trade_photos (owner, id);
create index trade_photos_to_look_at on trade_photos (look_at);
-- It is sealed: there is nothing to press together.
alter table trade_photos alter column image set storage external;
revoke update, truncate on trade_photos from kenshu_app;
grant update (look_at) on trade_photos to kenshu_app;
