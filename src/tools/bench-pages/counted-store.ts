/** What the charts of a server should say: counted anew, from the trades and from the record of them. */
import { type Database, rawSql } from "../../storage/database/database.ts";

/** Of a server that trades in one currency. */
export interface Figures {
  /** How many trades are where. */
  states: Record<string, number>;
  /** What was ever settled and ever frozen, in minor units. */
  settled: bigint;
  frozen: bigint;
}

/** All at one instant. */
export async function countFigures(database: Database): Promise<Figures> {
  const [row] = await database.query<{ states: Record<string, number>; settled: string; frozen: string }>(
    rawSql(`
      with standing as (select state, count(*) as trades, sum(settled) as settled from trades group by state)
      select (select coalesce(json_object_agg(state, trades), '{}') from standing) as states,
        (select coalesce(sum(settled), 0)::text from standing) as settled,
        (select coalesce(sum((e.data -> (u.nth::int - 1) ->> 'amount')::numeric), 0)::text
         from trade_events e, unnest(e.types) with ordinality u (type, nth)
         where u.type = 'trade.reserved') as frozen`),
  );
  if (row === undefined) throw new Error("The database counts nothing.");
  return { states: row.states, settled: BigInt(row.settled), frozen: BigInt(row.frozen) };
}
