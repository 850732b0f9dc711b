-- What was done to accounts of the staff and to where goods come back: by whom, to whom, as what. Rows are added and never changed.
create table staff_record (
  id uuid primary key,
  made_at timestamptz not null default clock_timestamp(),
  made_by text not null check (made_by ~ '^[a-z0-9._-]{1,40}$'),
  act text not null check (act in ('add', 'role', 'password', 'end', 'returns')),
  member uuid references staff_members,
  said text check (length(said) between 1 and 1000),
  check ((act = 'returns') = (member is null)),
  check ((act in ('add', 'role', 'returns')) = (said is not null))
);

-- Wrong passwords by the name that was typed, of which only a digest is kept.
create table staff_tries (
  name_hash bytea primary key check (length(name_hash) = 32),
  wrong integer not null check (wrong >= 0),
  until timestamptz not null
);
