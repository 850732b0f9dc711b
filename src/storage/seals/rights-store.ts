/** What somebody may do and where money goes: the rows that the database notes, against the tables that they are about. */
import { type Client, type Finding, rawSql, sql, uuidArray } from "../database/database.ts";

/** Rows that are in no batch yet. */
export async function waitingRights(client: Client, limit: number): Promise<string[]> {
  const rows = await client.query<{ id: string }>(sql`
    select id from rights where batch is null order by id limit ${limit}`);
  return rows.map(({ id }) => id);
}

export async function placeRights(client: Client, ids: readonly string[], batch: string): Promise<void> {
  await client.execute(sql`update rights set batch = ${batch} where id = any(${uuidArray(ids)}::uuid[])`);
}

type Column = string | { hash: string } | { time: string };

interface Noted {
  from: string;
  key: readonly string[];
  columns: readonly Column[];
}

/** Of each table: the columns of its key, and those that its rows in `rights` hold. The same as in the triggers' arguments. */
const tables: Readonly<Record<string, Noted>> = {
  accounts: {
    from: "from accounts t",
    key: ["id"],
    columns: ["kind", "currency", "heir", "floor", "closed"],
  },
  shop_accounts: {
    from: "from shop_accounts t",
    key: ["shop", "currency"],
    columns: ["account", "fee_fixed", "fee_basis_points", "fee_round_to"],
  },
  methods: {
    from: "from methods t",
    key: ["id"],
    columns: ["person", "kind", "currency", "account", "state"],
  },
  mandates: {
    from: "from mandates t",
    key: ["id"],
    columns: [
      "person",
      "shop",
      "currency",
      "limit_amount",
      { time: "until" },
      "method",
      "acceptors",
      "terms",
      { time: "revoked_at" },
    ],
  },
  vouchers: {
    from: "from vouchers t",
    key: ["account"],
    columns: [{ hash: "code_hash" }, "currency", "claimed_by"],
  },
  api_keys: {
    from: "from api_keys t",
    key: ["id"],
    columns: [{ hash: "hash" }, "owner_kind", "owner", { time: "revoked_at" }, { time: "expires_at" }],
  },
  remote_accounts: { from: "from remote_accounts t", key: ["account", "institution"], columns: ["consent"] },
  standings: {
    from: "from standings t",
    key: ["shop"],
    columns: ["frozen_limits", "settle_after", "word", "paid_early", "early_limits", "paid_out_early"],
  },
  parties: { from: "from parties t", key: ["id"], columns: ["kind", "state", "independent"] },
  operators: { from: "from operators t", key: ["id"], columns: ["made_by", { time: "created_at" }, "state"] },
  consents: {
    from: "from consents t",
    key: ["id"],
    columns: ["confirm_above", "limit_trade", "limit_month", { time: "until" }],
  },
  passkeys: {
    from: "from passkeys t",
    key: ["id"],
    columns: ["login", "subject", { hash: "key_hash" }, { time: "ended_at" }],
  },
  shop_people: { from: "from shop_people t", key: ["id"], columns: ["shop", "role", "state"] },
  stays: { from: "from stays t", key: ["shop"], columns: [{ time: "until" }] },
  collectors: {
    from: "from collectors t",
    key: ["id"],
    columns: ["channel", "fee_fixed", "fee_basis_points", "fee_borne_by"],
  },
  lent_lines: { from: "from lent_lines t", key: ["id"], columns: ["lender", "currency", "account"] },
};

export const relations: readonly string[] = Object.keys(tables);

function pairOf(column: Column): string {
  if (typeof column === "string") return `'${column}', t.${column}`;
  if ("hash" in column) return `'${column.hash}', encode(sha256(t.${column.hash}), 'hex')`;
  return `'${column.time}', (to_jsonb(timezone('UTC', t.${column.time})) #>> '{}') || '+00:00'`;
}

/** Rows of a table that are not what was noted of them last, or of which nothing was, and what was noted of rows that are gone. */
export function checkStanding(client: Client, relation: string, limit: number): Promise<Finding[]> {
  const noted = tables[relation];
  if (noted === undefined) throw new Error(`Nothing is noted of ${relation}.`);
  const { from, key, columns } = noted;
  return client.query<Finding>(
    rawSql(
      `with noted as materialized (
        select distinct on (key) key, lasting || present as line from rights where relation = $1 order by key, nth desc),
      standing as materialized (
        select concat_ws(' ', ${key.map((name) => `t.${name}`).join()}) as key,
          jsonb_build_object(${columns.map(pairOf).join()}) as line
        ${from})
      select $1 || ' ' || coalesce(standing.key, noted.key) as id, field.name as field, field.recorded, field.noted as computed
      from standing full join noted on noted.key = standing.key cross join lateral (
        select 'row' as name, case when standing.key is null then 'gone' else 'there' end as recorded,
          coalesce(noted.line::text, 'nothing') as noted
        where (standing.key is null) <> (noted.line is null)
        union all
        select part.key, part.value #>> '{}', noted.line ->> part.key from jsonb_each(standing.line) as part
        where noted.line is not null and part.value is distinct from coalesce(noted.line -> part.key, 'null')
      ) as field limit $2`,
      [relation, limit],
    ),
  );
}

/**
 * Changes that no server makes: of what is said for good, whether it was changed, taken away or put back since; of how far
 * an account without credit may be overdrawn; a row deleted; and whatever another role than that of servers has written. How
 * much a mandate lets a shop freeze, and until when, is set anew by its giver.
 */
export function checkChanges(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with noted as (
      select relation, key, nth, present, writer,
        case when lasting ->> 'kind' in ('deposit', 'prepaid', 'shop', 'fee', 'outside', 'suspense') and relation = 'accounts'
          then lasting || jsonb_build_object('floor', present -> 'floor')
          when relation = 'mandates' then lasting - '{limit_amount,until}'::text[] else lasting end as said
      from rights),
    changed as (
      select *, lag(said) over (partition by relation, key order by nth) as before from noted)
    select relation || ' ' || key as id, field.name as field, field.recorded, field.was as computed
    from changed cross join lateral (
      select part.key as name, said ->> part.key as recorded, part.value #>> '{}' as was
      from jsonb_each(before) as part where present is not null and part.value is distinct from said -> part.key
      union all select 'row', 'deleted', said::text where present is null
      union all select 'writer', writer, 'kenshu_app' where writer not in ('kenshu_app', 'migration')
    ) as field
    order by relation, key, nth limit ${limit}`);
}

/**
 * Trades whose payee, or whose money when it was paid, is an account that was never one of their shop's; money may also go to
 * a server's own accounts for fees, and to the account of a line that was lent to the very shop, on which it makes good what its
 * own members owe. A trade that a chain has given to one of its stores may have paid the chain before, or a line of that chain.
 */
export function checkPaid(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with shops as materialized (
      select split_part(key, ' ', 1) as shop, lasting ->> 'account' as account from rights where relation = 'shop_accounts'),
    own as materialized (
      select key as account from rights where relation = 'accounts' and lasting ->> 'kind' = 'fee'),
    lent as materialized (
      select lasting ->> 'lender' as lender, lasting ->> 'account' as account from rights where relation = 'lent_lines'),
    named as (
      select id, number, shop::text as shop, 'payee' as name, terms ->> 'shopAccount' as account
      from trades where hold is not null
      union all
      select t.id, t.number, t.shop::text, 'paid to', e.account::text from entries e join trades t on t.hold = e.hold
      where e.kind = 'settle' and e.posted > 0 and not exists (select from own where own.account = e.account::text))
    select number::text as id, name as field, account as recorded, 'an account of its shop' as computed
    from named where not exists (select from shops where shops.account = named.account and shops.shop = named.shop)
      and not (exists (select from shops where shops.account = named.account)
        and exists (select from trade_events e where e.trade = named.id and 'trade.assigned' = any(e.types)))
      and not (name = 'paid to' and exists (
        select from lent where lent.account = named.account and (lent.lender = named.shop or exists (
          select from trade_events e cross join lateral json_array_elements(e.data) as said
          where e.trade = named.id and 'trade.assigned' = any(e.types) and said ->> 'chain' = lent.lender))))
    limit ${limit}`);
}

/** Trades whose money was frozen on an account that was never their buyer's, or under a mandate that the buyer never gave. */
export function checkFrozen(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with means as materialized (
      select distinct lasting ->> 'person' as person, lasting ->> 'account' as account
      from rights where relation = 'methods'),
    given as materialized (
      select distinct key as mandate, lasting ->> 'person' as person from rights where relation = 'mandates')
    select number::text as id, field.name as field, field.recorded, field.computed
    from trades cross join lateral (
      select 'frozen on' as name, account::text as recorded, 'an account of its buyer' as computed
      where not exists (select from means where means.person = buyer::text and means.account = trades.account::text)
      union all
      select 'mandate', mandate::text, 'one of its buyer' where mandate is not null
        and not exists (select from given where given.mandate = trades.mandate::text and given.person = buyer::text)
    ) as field where hold is not null limit ${limit}`);
}
