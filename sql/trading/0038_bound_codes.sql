-- Who begins a tie keeps a verifier, and its digest goes to the institution as a challenge: a code that was made with one is
-- given up by whoever shows the verifier (RFC 7636, S256), so a code that leaks ties nothing of its owner's to somebody else.
alter table consent_codes add column challenge bytea check (octet_length(challenge) = 32);

-- What was begun without a verifier is begun anew.
delete from ties where method is null;
alter table ties add column verifier text not null default '';
alter table ties alter column verifier drop default;

-- Hyphens do not make another name any more: what names look like is worked out again when a server starts.
update parties set looks = null;
