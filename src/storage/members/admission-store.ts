/** Codes that go to new members by post, one for a person at a time, as hashes that only this server can make. */
import { type Client, sql } from "../database/database.ts";

/** Enters the code of a letter in place of that of any other; answers until when it can be used. */
export async function writeAdmission(
  client: Client,
  admission: { person: string; codeHash: Buffer; days: number },
): Promise<Date> {
  const { person, codeHash, days } = admission;
  const [row] = await client.query<{ until: Date }>(sql`
    insert into admissions (person, code_hash, made_at, until)
    select ${person}, ${codeHash}, now, now + make_interval(days => ${days}::integer)
    from (select kenshu_now() as now) as clock
    on conflict (person) do update set code_hash = excluded.code_hash, made_at = excluded.made_at, until = excluded.until
    returning until`);
  if (row === undefined) throw new Error("The code of a letter was not kept.");
  return row.until;
}

/** Whether this is the code of the person's newest letter, and can be used. */
export async function holdsAdmission(client: Client, person: string, codeHash: Buffer): Promise<boolean> {
  const [row] = await client.query<{ held: boolean }>(sql`
    select exists (select from admissions
      where person = ${person} and code_hash = ${codeHash} and until > kenshu_now()) as held`);
  return row?.held === true;
}

/** Uses a code up: of any number who try at once, one gets true. */
export async function spendAdmission(client: Client, person: string, codeHash: Buffer): Promise<boolean> {
  const touched = await client.execute(sql`
    delete from admissions where person = ${person} and code_hash = ${codeHash} and until > kenshu_now()`);
  return touched === 1;
}

/** Deletes codes whose time is over. */
export async function forgetAdmissions(client: Client): Promise<void> {
  await client.execute(sql`delete from admissions where until < kenshu_now()`);
}
