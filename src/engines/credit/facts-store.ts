/** What operators look at before they let a member have credit: counts and sums, and nobody's name. */
import { type Client, sql } from "../../storage/database/database.ts";

/** Of the last trades of somebody, how many there were and how they ended; minor units by currency. */
export interface TradeFacts {
  trades: number;
  open: number;
  claimed: number;
  disputed: number;
  sums: { currency: string; frozen: bigint; claimed: bigint }[];
}

/** Older trades say little of today, and reading all of a large shop's would take long. */
const tradesRead = 1000;

interface SumRow {
  currency: string;
  trades: number;
  open: number;
  claims: number;
  disputed: number;
  frozen: bigint;
  claimed: bigint;
}

export async function factsOfBuyer(client: Client, person: string): Promise<TradeFacts> {
  const rows = await client.query<SumRow>(sql`
    select currency, count(*)::int as trades, (count(*) filter (where frozen > 0))::int as open,
      (count(*) filter (where claimed > 0))::int as claims,
      (count(*) filter (where state = 'disputed'))::int as disputed,
      sum(frozen)::bigint as frozen, sum(claimed)::bigint as claimed
    from (
      select currency, state, frozen, coalesce((progress->'guarantee'->>'claimed')::bigint, 0) as claimed
      from trades where buyer = ${person} order by id desc limit ${tradesRead}) as last
    group by currency order by currency`);
  return factsFrom(rows);
}

export async function factsOfShop(client: Client, shop: string): Promise<TradeFacts> {
  const rows = await client.query<SumRow>(sql`
    select currency, count(*)::int as trades, (count(*) filter (where frozen > 0))::int as open,
      (count(*) filter (where claimed > 0))::int as claims,
      (count(*) filter (where state = 'disputed'))::int as disputed,
      sum(frozen)::bigint as frozen, sum(claimed)::bigint as claimed
    from (
      select currency, state, frozen, coalesce((progress->'guarantee'->>'claimed')::bigint, 0) as claimed
      from trades where shop = ${shop} order by id desc limit ${tradesRead}) as last
    group by currency order by currency`);
  return factsFrom(rows);
}

function factsFrom(rows: readonly SumRow[]): TradeFacts {
  const sum = (of: (row: SumRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    trades: sum(({ trades }) => trades),
    open: sum(({ open }) => open),
    claimed: sum(({ claims }) => claims),
    disputed: sum(({ disputed }) => disputed),
    sums: rows.map(({ currency, frozen, claimed }) => ({ currency, frozen, claimed })),
  };
}

/** What somebody owes by open bills, and what was given up of others and has not come since; minor units. */
export interface BillFacts {
  currency: string;
  open: bigint;
  givenUp: bigint;
}

export function billsOfBuyer(client: Client, person: string): Promise<BillFacts[]> {
  return client.query<BillFacts>(sql`
    select currency,
      coalesce(sum(amount + fees - paid) filter (where state = 'open'), 0)::bigint as open,
      coalesce(sum(written_off - late) filter (where state = 'written off'), 0)::bigint as "givenUp"
    from bills where person = ${person} and state <> 'paid' group by currency order by currency`);
}
