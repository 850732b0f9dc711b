import { type Client, sql, uuidArray } from "../../storage/database/database.ts";

/** By which consent an institution lets this server use what it calls `account`. */
export interface RemoteAccount {
  account: string;
  institution: string;
  consent: string;
}

export function readRemoteAccounts(client: Client, accounts: ReadonlySet<string>): Promise<RemoteAccount[]> {
  return client.query<RemoteAccount>(sql`
    select account, institution, consent from remote_accounts
    where account = any(${uuidArray([...accounts])}::uuid[])`);
}

/** Remembers consents. One that is known already for the account and institution is replaced. */
export async function tieAccounts(client: Client, ties: readonly RemoteAccount[]): Promise<void> {
  await client.execute(sql`
    insert into remote_accounts (account, institution, consent)
    select * from unnest(${uuidArray(ties.map(({ account }) => account))}::uuid[],
      ${uuidArray(ties.map(({ institution }) => institution))}::uuid[],
      ${uuidArray(ties.map(({ consent }) => consent))}::uuid[])
    on conflict (account, institution) do update set consent = excluded.consent`);
}

/** What this server calls the account that a consent is tied to; undefined where it is tied to none. */
export async function readTied(
  client: Client,
  institution: string,
  consent: string,
): Promise<string | undefined> {
  const [row] = await client.query<{ account: string }>(sql`
    select account from remote_accounts where institution = ${institution} and consent = ${consent}`);
  return row?.account;
}
