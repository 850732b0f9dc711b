import { type Client, sql } from "../../storage/database/database.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";

export interface Tie {
  person: string;
  institution: string;
  kind: MethodKind;
  currency: string;
  method: string | null;
  /** What shows the institution that the code comes back to whoever began. */
  verifier: string;
}

const minutes = 30;

/** Remembers that a person went to an institution to agree, and forgets those who did not come back. */
export async function insertTie(client: Client, stateHash: Buffer, tie: Omit<Tie, "method">): Promise<void> {
  const { person, institution, kind, currency, verifier } = tie;
  await client.execute(sql`
    with gone as (delete from ties where expires_at < clock_timestamp() - interval '1 day')
    insert into ties (state_hash, person, institution, kind, currency, verifier, expires_at)
    values (${stateHash}, ${person}, ${institution}, ${kind}, ${currency}, ${verifier},
      clock_timestamp() + ${minutes} * interval '1 minute')`);
}

/** The tie that this person began with this state, while it is fresh or has come to a means of payment. */
export async function lockTie(client: Client, stateHash: Buffer, person: string): Promise<Tie | undefined> {
  const [row] = await client.query<Tie>(sql`
    select person, institution, kind, currency, method, verifier from ties
    where state_hash = ${stateHash} and person = ${person}
      and (method is not null or expires_at > clock_timestamp()) for update`);
  return row;
}

export async function endTie(client: Client, stateHash: Buffer, method: string): Promise<void> {
  await client.execute(sql`update ties set method = ${method} where state_hash = ${stateHash}`);
}

/** A consent that nothing is tied by yet; unless something is, it is given back after so many minutes. */
export async function keepLoose(
  client: Client,
  institution: string,
  consent: string,
  minutes: number,
): Promise<void> {
  await client.execute(sql`
    insert into loose_consents (institution, consent, due_at)
    values (${institution}, ${consent}, clock_timestamp() + ${minutes} * interval '1 minute')
    on conflict (institution, consent) do nothing`);
}

/** Something is tied by it now. False where it is being given back, or was. */
export async function takeLoose(client: Client, institution: string, consent: string): Promise<boolean> {
  const taken = await client.execute(sql`
    delete from loose_consents where institution = ${institution} and consent = ${consent} and not over`);
  return taken > 0;
}

/** Consents that are to be given back now; nothing is tied by them any more. The same ones soon again, until they are gone. */
export function endLoose(client: Client, limit: number): Promise<{ institution: string; consent: string }[]> {
  return client.query<{ institution: string; consent: string }>(sql`
    update loose_consents set over = true, due_at = clock_timestamp() + interval '1 minute'
    where (institution, consent) in (
      select institution, consent from loose_consents where due_at <= clock_timestamp()
      order by due_at limit ${limit} for update skip locked)
    returning institution, consent`);
}

/** It was given back, or the institution knows of none. */
export async function forgetLoose(client: Client, institution: string, consent: string): Promise<void> {
  await client.execute(sql`
    delete from loose_consents where institution = ${institution} and consent = ${consent} and over`);
}
