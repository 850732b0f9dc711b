/** The digests, and what they are made of. */
import { type Client, sql, uuidArray } from "../../storage/database/database.ts";

export interface Unmarked {
  subject: string;
  kek: Buffer;
  wrapped: Buffer;
}

/** Keys whose owners have no marks yet, or have changed; locked, and none that somebody else is at. */
export function lockUnmarked(client: Client, limit: number): Promise<Unmarked[]> {
  return client.query<Unmarked>(sql`
    select subject, kek, wrapped from personal_keys where not marked
    order by subject limit ${limit} for update skip locked`);
}

export interface SealedKnown {
  id: string;
  name: Buffer | null;
  kana: Buffer | null;
  phone: Buffer | null;
  email: Buffer | null;
}

/** Those of them who are people. */
export function readSealedPeople(client: Client, ids: readonly string[]): Promise<SealedKnown[]> {
  return client.query<SealedKnown>(sql`
    select id, name, kana, phone, email from people where id = any(${uuidArray([...ids])}::uuid[])`);
}

/** Those of them who receive a trade. */
export function readSealedRecipients(client: Client, ids: readonly string[]): Promise<SealedKnown[]> {
  return client.query<SealedKnown>(sql`
    select trade as id, name, kana, phone, email from trade_recipients
    where trade = any(${uuidArray([...ids])}::uuid[])`);
}

/** Puts the marks of these subjects in the place of those that they had. */
export async function writeMarks(
  client: Client,
  subjects: readonly string[],
  marks: readonly { mark: string; subject: string }[],
): Promise<void> {
  const ids = uuidArray([...subjects]);
  await client.execute(sql`delete from person_marks where subject = any(${ids}::uuid[])`);
  if (marks.length > 0)
    await client.execute(sql`
      insert into person_marks (mark, subject)
      select * from unnest(${uuidArray(marks.map(({ mark }) => mark))}::uuid[],
        ${uuidArray(marks.map(({ subject }) => subject))}::uuid[])
      on conflict do nothing`);
  await client.execute(sql`update personal_keys set marked = true where subject = any(${ids}::uuid[])`);
}

/** Whose marks these are; no more than so many of each. */
export function readMarked(
  client: Client,
  marks: readonly string[],
  limit: number,
): Promise<{ subject: string }[]> {
  return client.query<{ subject: string }>(sql`
    select distinct m.subject from unnest(${uuidArray([...marks])}::uuid[]) as sought(mark)
      cross join lateral (select subject from person_marks where mark = sought.mark order by subject limit ${limit}) m
    limit ${limit}`);
}

/** The numbers of trades, by their ids. */
export function readTradeNumbers(
  client: Client,
  ids: readonly string[],
): Promise<{ id: string; number: string }[]> {
  return client.query<{ id: string; number: string }>(sql`
    select id, number::text from trades where id = any(${uuidArray([...ids])}::uuid[])`);
}
