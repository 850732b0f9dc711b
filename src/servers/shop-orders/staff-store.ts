/** The statements about sessions of the staff. */
import { type Client, sql } from "../../storage/database/database.ts";

export async function openSession(client: Client, session: Buffer, seconds: number): Promise<void> {
  await client.execute(sql`
    insert into staff_sessions (token_hash, expires_at)
    values (${session}, clock_timestamp() + ${seconds} * interval '1 second')`);
}

export async function sessionIsOpen(client: Client, session: Buffer): Promise<boolean> {
  const rows = await client.query(
    sql`select 1 from staff_sessions where token_hash = ${session} and expires_at > clock_timestamp()`,
  );
  return rows.length > 0;
}

export async function endSession(client: Client, session: Buffer): Promise<void> {
  await client.execute(sql`delete from staff_sessions where token_hash = ${session}`);
}

/** Clears away sessions that have run out. */
export async function dropOldSessions(client: Client): Promise<void> {
  await client.execute(sql`delete from staff_sessions where expires_at <= clock_timestamp()`);
}
