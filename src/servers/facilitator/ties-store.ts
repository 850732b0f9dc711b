import { type Client, sql } from "../../storage/database/database.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";

export interface Tie {
  person: string;
  institution: string;
  kind: MethodKind;
  currency: string;
  method: string | null;
}

const minutes = 30;

/** Remembers that a person went to an institution to agree, and forgets those who did not come back. */
export async function insertTie(client: Client, stateHash: Buffer, tie: Omit<Tie, "method">): Promise<void> {
  const { person, institution, kind, currency } = tie;
  await client.execute(sql`
    with gone as (delete from ties where expires_at < clock_timestamp() - interval '1 day')
    insert into ties (state_hash, person, institution, kind, currency, expires_at)
    values (${stateHash}, ${person}, ${institution}, ${kind}, ${currency},
      clock_timestamp() + ${minutes} * interval '1 minute')`);
}

/** The tie that this person began with this state, while it is fresh or has come to a means of payment. */
export async function lockTie(client: Client, stateHash: Buffer, person: string): Promise<Tie | undefined> {
  const [row] = await client.query<Tie>(sql`
    select person, institution, kind, currency, method from ties
    where state_hash = ${stateHash} and person = ${person}
      and (method is not null or expires_at > clock_timestamp()) for update`);
  return row;
}

export async function endTie(client: Client, stateHash: Buffer, method: string): Promise<void> {
  await client.execute(sql`update ties set method = ${method} where state_hash = ${stateHash}`);
}
