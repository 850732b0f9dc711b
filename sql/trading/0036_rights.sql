-- What somebody may do and where money goes, as it came to be so: each change is a row here, written by the database in the
-- transaction of the change, whoever makes it. The rows are sealed (src/core/log/rows.ts) when the log is next added to.
-- See decision 0030.

-- `key` names a row of the table `relation`, `nth` numbers its changes. `lasting` is what is said of it for good, `present`
-- what may change; null where the row was deleted. Both hold ids, numbers, states and hashes of hashes: nothing personal.
-- `writer` is the role that made the change; 'migration' for what was there before this table. `batch`: where it is sealed.
create table rights (
  id uuid primary key default gen_random_uuid(),
  relation text not null,
  key text not null,
  nth integer not null,
  lasting jsonb not null,
  present jsonb,
  writer text not null,
  at timestamptz not null,
  batch uuid,
  constraint one_after_the_other unique (relation, key, nth)
);
create index rights_waiting on rights (id) where batch is null;
revoke update, delete, truncate on rights from kenshu_app;
grant update (batch) on rights to kenshu_app;

-- Columns of a row without those that are null. What ends in `hash` is hashed once more.
create function right_part(line jsonb, columns text[]) returns jsonb language sql immutable as $$
  select coalesce(jsonb_object_agg(name, case when name like '%hash'
      then to_jsonb(encode(sha256(decode(substr(line ->> name, 3), 'hex')), 'hex')) else line -> name end)
    filter (where line ->> name is not null), '{}')
  from unnest(columns) as name
$$;
create function right_key(line jsonb, columns text[]) returns text language sql immutable as $$
  select string_agg(line ->> name, ' ' order by nth) from unnest(columns) with ordinality as part (name, nth)
$$;

-- Notes a change. Its arguments: the columns of the key, those that last, those that may change.
create function note_right() returns trigger language plpgsql
  set search_path from current set timezone = 'UTC' set bytea_output = 'hex' as $$
declare
  was jsonb := case when tg_op in ('UPDATE', 'DELETE') then to_jsonb(old) end;
  becomes jsonb := case when tg_op in ('INSERT', 'UPDATE') then to_jsonb(new) end;
  keys text[] := tg_argv[0];
  lasts text[] := tg_argv[1];
  changes text[] := tg_argv[2];
  of_old text := right_key(was, keys);
  of_new text := right_key(becomes, keys);
begin
  if was is not null and of_new is distinct from of_old then
    insert into rights (relation, key, nth, lasting, present, writer, at)
    select tg_table_name, of_old, coalesce(max(nth), 0) + 1, right_part(was, lasts), null, current_user, kenshu_now()
    from rights where relation = tg_table_name and key = of_old;
  end if;
  if becomes is not null and (of_new is distinct from of_old
      or right_part(becomes, lasts || changes) <> right_part(was, lasts || changes)) then
    insert into rights (relation, key, nth, lasting, present, writer, at)
    select tg_table_name, of_new, coalesce(max(nth), 0) + 1, right_part(becomes, lasts), right_part(becomes, changes),
      current_user, kenshu_now()
    from rights where relation = tg_table_name and key = of_new;
  end if;
  return null;
end
$$;

-- A trigger fires only for statements that set one of its columns: not for balances, nor for what a mandate or a consent has
-- been used for. What was there before is entered as it is.
do $$
declare
  kind record;
begin
  set local timezone = 'UTC';
  set local bytea_output = 'hex';
  for kind in select * from (values
    ('accounts', '{id}', '{kind,currency,heir}', '{floor,closed}'),
    ('shop_accounts', '{shop,currency}', '{account}', '{fee_fixed,fee_basis_points,fee_round_to}'),
    ('methods', '{id}', '{person,kind,currency,account}', '{state}'),
    ('mandates', '{id}', '{person,shop,currency,limit_amount,until,method,acceptors,terms,revoked_at}', '{}'),
    ('vouchers', '{account}', '{code_hash,currency,claimed_by}', '{}'),
    ('api_keys', '{id}', '{hash,owner_kind,owner,revoked_at}', '{expires_at}'),
    ('remote_accounts', '{account,institution}', '{}', '{consent}'),
    ('standings', '{shop}', '{}', '{frozen_limits,settle_after,word,paid_early,early_limits,paid_out_early}'),
    ('parties', '{id}', '{kind}', '{state,independent}'),
    ('operators', '{id}', '{made_by,created_at}', '{state}'),
    ('consents', '{id}', '{}', '{confirm_above}')
  ) as kinds (relation, keys, lasts, changes) loop
    execute format('create trigger note_right after insert or update of %s or delete on %I
      for each row execute function note_right(%L, %L, %L)',
      array_to_string(kind.keys::text[] || kind.lasts::text[] || kind.changes::text[], ', '), kind.relation,
      kind.keys, kind.lasts, kind.changes);
    execute format('insert into rights (relation, key, nth, lasting, present, writer, at)
      select %L, right_key(line, %L), 1, right_part(line, %L), right_part(line, %L), ''migration'', kenshu_now()
      from (select to_jsonb(t) as line from %I t) as lines',
      kind.relation, kind.keys, kind.lasts, kind.changes, kind.relation);
  end loop;
end
$$;
