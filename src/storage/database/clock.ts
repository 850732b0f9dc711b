import type { Client } from "./client.ts";
import { sql } from "./sql.ts";

/** Reads the one clock of a server, that of its database. A batch reads it last, after it has taken its locks. */
export async function readClock(client: Client): Promise<Date> {
  const [row] = await client.query<{ now: Date }>(sql`select kenshu_now() as now`);
  if (row === undefined) throw new Error("The database has no clock.");
  return row.now;
}

/** Moves the sandbox's clock forward. */
export async function advanceClock(client: Client, milliseconds: number): Promise<void> {
  await client.execute(
    sql`update test_clock set ahead = ahead + make_interval(secs => ${milliseconds} / 1000.0)`,
  );
}
