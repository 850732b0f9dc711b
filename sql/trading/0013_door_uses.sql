-- What each code at the door has served: one request (`spender`, a digest of its hand and key), as the acceptance of whoever
-- gave the code. A later report makes another window in door_windows, and nothing here goes: the request that comes again
-- finds its code as long as `answers` has its answer, which is for good. Windows that were spent before this file did not
-- keep who gave the code, so they have no row. No code stands here.
create table door_uses (
  trade bigint not null,
  spender bytea not null,
  window_id uuid not null unique,
  giver text not null check (giver in ('buyer', 'recipient')),
  at timestamptz not null,
  primary key (trade, spender)
);
revoke update, delete, truncate on door_uses from kenshu_app;
