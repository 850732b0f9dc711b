-- Sessions as their owner sees them: each by an id that opens nothing, on what kind of browser, and when it was used last.
alter table sessions
  add column id uuid not null default gen_random_uuid() unique,
  add column place text check (char_length(place) between 1 and 80),
  add column seen_at timestamptz not null default clock_timestamp();
