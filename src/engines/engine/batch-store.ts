/** The statements of a batch's own transaction, and the mark by which the database can be asked how it ended. */
import { type Client, type Database, errorCode, sql } from "../../storage/database/database.ts";

export const begin = (client: Client): Promise<number> => client.execute(sql`begin`);
export const commit = (client: Client): Promise<number> => client.execute(sql`commit`);
export const rollback = (client: Client): Promise<number> => client.execute(sql`rollback`);

/** The number of the transaction that is open. */
export async function transactionNumber(client: Client): Promise<string> {
  const [row] = await client.query<{ id: string }>(sql`select pg_current_xact_id()::text as id`);
  return row?.id ?? "";
}

/** Leaves word in a transaction which batch it was, in place of the last word of this server. */
export function leaveMark(client: Client, server: string, batch: string): Promise<number> {
  return client.execute(sql`
    insert into commits (server, batch) values (${server}, ${batch})
    on conflict (server) do update set batch = excluded.batch`);
}

/** The last batch of this server that was committed. */
export async function readMark(database: Database, server: string): Promise<string | undefined> {
  const [mark] = await database.query<{ batch: string }>(
    sql`select batch from commits where server = ${server}`,
  );
  return mark?.batch;
}

export async function isInProgress(database: Database, transaction: string): Promise<boolean> {
  try {
    const [row] = await database.query<{ status: string | null }>(
      sql`select pg_xact_status(${transaction}::xid8) as status`,
    );
    return row?.status === "in progress";
  } catch (error) {
    // The number lies in the future: the server has lost it in a crash.
    if (errorCode(error) === "22023") return false;
    throw error;
  }
}
