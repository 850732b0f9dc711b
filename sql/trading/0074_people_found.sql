-- By what operators find people and recipients: keyed digests of their names, telephone numbers and e-mail addresses, made
-- after the commit and gone with the key of whoever they are of, however that is forgotten (docs/decisions/0072-found-people.md).
create table person_marks (
  mark uuid not null,
  subject uuid not null references personal_keys on delete cascade,
  primary key (mark, subject)
);
create index person_marks_by_subject on person_marks (subject);

alter table personal_keys add column marked boolean not null default false;
create index personal_keys_unmarked on personal_keys (subject) where not marked;

-- Who looked at what, for operators.
create index lookups_by_time on lookups (at, id);
