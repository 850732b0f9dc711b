/** What only the pages ask of the database. */
import { type Client, sql } from "../database/database.ts";

/** Whether a guest gave this date of birth (YYYY-MM-DD). False for members, and once the guest has been erased. */
export async function isGuestBornOn(client: Client, person: string, day: string): Promise<boolean> {
  const rows = await client.query(sql`
    select 1 as one from people where id = ${person} and kind = 'guest' and birth_date = ${day}::date`);
  return rows.length === 1;
}
