import { type Client, sql, type Finding } from "../../storage/database/database.ts";

export async function countAdvances(client: Client): Promise<{ advances: bigint; accounts: bigint }> {
  const [counts] = await client.query<{ advances: bigint; accounts: bigint }>(sql`
    select (select count(*) from advances) as advances, (select count(*) from advance_accounts) as accounts`);
  return counts ?? { advances: 0n, accounts: 0n };
}

/** Claims that were bought and do not say what their trades say, trades that name one which is not there. */
export function checkAdvances(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with told as (select number, shop, currency, frozen, progress -> 'advance' as bought from trades
      where progress -> 'advance' is not null)
    select coalesce(told.number, advances.trade)::text as id, field.name as field, field.recorded, field.computed
    from told full join advances on advances.trade = told.number
      cross join lateral (values
        ('shop', advances.shop::text, told.shop::text),
        ('currency', advances.currency, told.currency),
        ('amount', advances.amount::text, told.bought ->> 'amount'),
        ('price', advances.price::text, told.bought ->> 'price'),
        ('paid', advances.paid::text, told.bought ->> 'paid'),
        ('recovered', advances.recovered::text, told.bought ->> 'recovered'),
        ('owed', advances.owed::text, told.bought ->> 'owed'),
        ('nothing frozen', (advances.recovered + advances.owed)::text,
          case when told.frozen = 0 then advances.amount::text
          else (advances.recovered + advances.owed)::text end)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}

/** Shops whose sums are not those of their claims, with those that are about to be bought. */
export function checkAccounts(client: Client, limit: number): Promise<Finding[]> {
  return client.query<Finding>(sql`
    with bought as (
      select shop::text, currency, amount - recovered - owed as outstanding, owed from advances
      union all
      select waiting ->> 'shop', waiting ->> 'currency', (waiting ->> 'amount')::bigint, 0
      from (select (json_array_elements(pending -> 'advances' -> 'taken'))::json as waiting from trades
        where pending is not null) as under_way
      where waiting ->> 'change' = 'advanced'),
    summed as (select shop::uuid as shop, currency, sum(outstanding) as outstanding, sum(owed) as owed
      from bought group by shop, currency)
    select coalesce(accounts.shop, summed.shop)::text as id, field.name as field, field.recorded, field.computed
    from advance_accounts accounts full join summed
        on summed.shop = accounts.shop and summed.currency = accounts.currency
      cross join lateral (values
        ('outstanding', coalesce(accounts.outstanding, 0)::text, coalesce(summed.outstanding, 0)::text),
        ('owed and covered', (coalesce(accounts.owed, 0) + coalesce(accounts.covered, 0))::text,
          coalesce(summed.owed, 0)::text)
      ) as field (name, recorded, computed)
    where field.recorded is distinct from field.computed limit ${limit}`);
}
