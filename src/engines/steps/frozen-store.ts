/** How much is frozen for shops of which an operator has limited it. */
import { bigintArray, type Client, sql, uuidArray } from "../../storage/database/database.ts";

export interface FrozenSum {
  shop: string;
  currency: string;
  frozen: bigint;
}

/**
 * What is frozen for these shops, or is to be once an institution has answered, in trades other than these. It reads all
 * trades of a shop, 2 to 3 ms for each thousand: limits are for shops that are new, and an index of what is frozen would cost
 * every step of every trade its place in the page.
 */
export function sumFrozen(
  client: Client,
  shops: readonly string[],
  except: readonly bigint[],
): Promise<FrozenSum[]> {
  const [of, but] = [uuidArray(shops), bigintArray(except)];
  return client.query<FrozenSum>(sql`
    select shop, currency, sum(frozen)::bigint as frozen from (
      select shop, currency, number, terms, pending is not null as waits,
        greatest(frozen, (pending->'done'->'changes'->'frozen'->>'integer')::bigint) as frozen
      from trades where shop = any(${of}::uuid[]) and (frozen > 0 or pending is not null)
      union all
      select (pending->'done'->'changes'->>'shop')::uuid, currency, number, terms, true, frozen
      from trades where pending is not null and (pending->'done'->'changes'->>'shop')::uuid = any(${of}::uuid[])
    ) as open
    where number <> all(${but}::bigint[]) and terms->>'private' is null and (terms->>'earmark' is null or waits)
    group by shop, currency`);
}

/** Currencies other than these in which money is frozen for trades. */
export async function currenciesOfOpenTrades(client: Client, but: readonly string[]): Promise<string[]> {
  const rows = await client.query<{ currency: string }>(sql`
    select distinct currency from trades
    where wake_at is not null and frozen > 0 and currency <> all(${[...but]}::text[])`);
  return rows.map(({ currency }) => currency);
}
