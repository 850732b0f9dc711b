/** What only the institution's pages ask of the database. */
import { type Client, sql } from "../database/database.ts";

/** The trades of a buyer whose money these holds freeze, by hold. */
export async function readTradesOfHolds(
  client: Client,
  buyer: string,
  holds: string[],
): Promise<Map<string, string>> {
  if (holds.length === 0) return new Map();
  const rows = await client.query<{ hold: string; number: bigint }>(sql`
    select hold, number from trades where buyer = ${buyer} and hold = any(${holds}::uuid[])`);
  return new Map(rows.map(({ hold, number }) => [hold, String(number)]));
}
