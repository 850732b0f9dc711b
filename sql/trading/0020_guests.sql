-- Nothing that a shop typed or was given proves a guest: they prove themselves by a code that is sent to their address, and
-- act from then on by a lasting link of their own.

-- A browser in which somebody goes on as a guest, and the address that they say is theirs, sealed under a key that goes by
-- `id`. `secret_hash` is of what stands in the browser's cookie. The code that goes to the address is made from the server's
-- secret and `id`, and stands nowhere; `wrong` counts the others that were typed. `person`: the guest whom they have become,
-- and then the address stands with that person only.
create table guest_contacts (
  id uuid primary key,
  trade bigint not null,
  secret_hash bytea not null unique,
  email bytea,
  language text check (language in ('en', 'ja')),
  wrong smallint not null default 0,
  confirmed_at timestamptz,
  person uuid,
  created_at timestamptz not null,
  until timestamptz not null,
  constraint person_is_confirmed check (person is null or (confirmed_at is not null and email is null))
);
create index guest_contacts_by_trade on guest_contacts (trade, created_at);
create index guest_contacts_by_end on guest_contacts (until);

-- A guest's link has a number of its own, `current`; who asks for a new one is sent `offered`, and that it is opened ends the
-- one before. The link is made from the server's secret and what stands here.
create table guest_links (
  person uuid primary key,
  trade bigint not null,
  current integer not null default 1,
  offered integer not null default 1,
  asked_at timestamptz,
  constraint offered_last check (offered >= current)
);

-- What a shop has said of its guest, to fill the form with, sealed; `subject` is made from the id of the trade.
create table guest_forms (
  subject uuid primary key,
  name bytea not null,
  address bytea not null
);

-- Guests whom a shop has entered by its own word, or whom nothing was frozen for yet, prove themselves like all others: the
-- proposal waits for whoever approves it. Where money is frozen, the address that was given stays the guest's.
update trades set buyer = null
  where state in ('proposed', 'refused') and pending is null
    and buyer in (select id from people where kind = 'guest');
