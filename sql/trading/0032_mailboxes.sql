-- To which mailbox the address of a sign-in leads, however it is written; an HMAC, as of the address. Null of those from before.
alter table logins add column mailbox_hmac bytea;
