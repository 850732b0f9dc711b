-- Signatures between servers: this server's own keys, the keys of others that are not believed any more, and
-- the nonces that were seen. Times here are the real clock's, which a sandbox does not move: two servers'
-- sandboxes stand days apart, and a signature lives for a minute.

-- A key is published from the moment it stands here, signs from `signs_from`, and is gone after `ends_at`.
-- Only the newest has no end.
create table signing_keys (
  kid text primary key,
  private_key bytea not null,
  signs_from timestamptz not null,
  ends_at timestamptz
);

create table revoked_peer_keys (
  peer uuid not null,
  kid text not null,
  revoked_at timestamptz not null,
  primary key (peer, kid)
);

-- Every nonce until its signature has expired, so that no process takes the same message twice.
-- Unlogged: a crash forgets it, and with it at most a minute's messages could be sent again by somebody who has recorded
-- them. That does no harm, since what they ask is done once for the id of the instruction; a disk's wait for every
-- message would.
create unlogged table signature_nonces (
  peer uuid not null,
  nonce text not null,
  expires_at timestamptz not null,
  primary key (peer, nonce)
);
create index signature_nonces_by_expiry on signature_nonces (expires_at);
