-- When a store has agreed to be one of the chain; until then it is invited, and nobody asks it. Those of before were stores
-- already, and may leave.
alter table chain_stores add column agreed_at timestamptz;
update chain_stores set agreed_at = kenshu_now();
create index chain_stores_by_store on chain_stores (store);
