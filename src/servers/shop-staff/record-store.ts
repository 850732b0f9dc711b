/** The statements about what the staff did to accounts, to where goods come back to and to stores, and about wrong passwords. */
import { type Client, sql, uuidv7 } from "../../storage/database/database.ts";

/** What is done about stores of a chain, and about the orders that are offered to them. */
export const storeActs = ["invite", "drop", "wait", "agree", "leave", "take", "pass"] as const;
export type StoreAct = (typeof storeActs)[number];

export const recordedActs = ["add", "role", "password", "end", "returns", ...storeActs] as const;
type RecordedAct = (typeof recordedActs)[number];

export interface Recorded {
  id: string;
  madeAt: Date;
  /** The name they sign in with. */
  madeBy: string;
  act: RecordedAct;
  /** Whose account it was, by the name they sign in with; null where it was nobody's. */
  whom: string | null;
  /** The role that was given, the address, or at which server which store or order; null for a password, which nobody is told, and an end. */
  said: string | null;
}

/** Writes down who did what; in the transaction that does it. */
export async function record(
  client: Client,
  by: string,
  act: RecordedAct,
  member: string | null,
  said: string | null,
): Promise<void> {
  await client.execute(sql`
    insert into staff_record (id, made_by, act, member, said) values (${uuidv7()}, ${by}, ${act}, ${member}, ${said})`);
}

/** What was done last, before a row of it. */
export function listRecord(client: Client, before: string, limit: number): Promise<Recorded[]> {
  return client.query<Recorded>(sql`
    select r.id, r.made_at as "madeAt", r.made_by as "madeBy", r.act, m.sign_in as whom, r.said
    from staff_record r left join staff_members m on m.id = r.member
    where r.id < ${before} order by r.id desc limit ${limit}`);
}

/** Takes one of the wrong passwords that a name has in a quarter of an hour; false where there is none left. */
export async function takeTry(client: Client, name: Buffer, most: number): Promise<boolean> {
  const taken = await client.execute(sql`
    insert into staff_tries as old (name_hash, wrong, until)
    values (${name}, 1, clock_timestamp() + interval '15 minutes')
    on conflict (name_hash) do update set
      wrong = case when old.until > clock_timestamp() then old.wrong + 1 else 1 end,
      until = case when old.until > clock_timestamp() then old.until else excluded.until end
    where old.until <= clock_timestamp() or old.wrong < ${most}`);
  return taken === 1;
}

/** The password was right after all. */
export async function giveTryBack(client: Client, name: Buffer): Promise<void> {
  await client.execute(sql`update staff_tries set wrong = wrong - 1 where name_hash = ${name} and wrong > 0`);
}

/** Forgets names whose quarter of an hour is over. */
export async function dropOldTries(client: Client): Promise<void> {
  await client.execute(sql`delete from staff_tries where until <= (select clock_timestamp())`);
}
