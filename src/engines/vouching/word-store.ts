/** The words of a guarantor, as rows. */
import { bigintArray, type Client, sql } from "../../storage/database/database.ts";

/** What was said of one trade: of which order, and for how much; minor units. */
export interface Word {
  number: bigint;
  order: string;
  amount: bigint;
  until: Date;
}

/** How many words one list speaks of: at most 16 KB before it is compressed. */
export const listLength = 131_072;

/**
 * The place of a word that holds now. It is looked at once more after it was kept: its trade may have gone on meanwhile. One that said something else of the same trade has ended with it. Undefined where another
 * process says something else of it at the same moment.
 */
export async function wordFor(client: Client, word: Word): Promise<bigint | undefined> {
  const { number, order, amount, until } = word;
  await client.execute(sql`
    update vouched set ended = true
    where number = ${number} and not ended and (order_digest <> ${order} or amount <> ${amount})`);
  const [row] = await client.query<{ idx: bigint; order: string; amount: bigint }>(sql`
    insert into vouched (number, order_digest, amount, until, touched)
    values (${number}, ${order}, ${amount}, ${until}, true)
    on conflict (number) where not ended do update set until = greatest(vouched.until, excluded.until)
    returning idx, order_digest as "order", amount`);
  return row?.order === order && row.amount === amount ? row.idx : undefined;
}

/** Something has happened to these trades. */
export async function touchWords(client: Client, numbers: readonly bigint[]): Promise<void> {
  if (numbers.length === 0) return;
  await client.execute(sql`
    update vouched set touched = true
    where number = any(${bigintArray(numbers)}::bigint[]) and not ended and not touched`);
}

/** All that hold are looked at once more: somebody may have been stopped between taking a touch away and judging. */
export async function touchAllWords(client: Client): Promise<void> {
  await client.execute(sql`update vouched set touched = true where not ended and not touched`);
}

/** These are looked at once more. */
export async function touchPlaces(client: Client, places: readonly bigint[]): Promise<void> {
  if (places.length === 0) return;
  await client.execute(sql`
    update vouched set touched = true where idx = any(${bigintArray(places)}::bigint[]) and not ended`);
}

/** Words to be looked at, the oldest first. */
export function touchedWords(client: Client, limit: number): Promise<(Word & { idx: bigint })[]> {
  return client.query<Word & { idx: bigint }>(sql`
    select idx, number, order_digest as "order", amount, until from vouched
    where touched and not ended order by idx limit ${limit}`);
}

/** These do not hold any more. */
export async function endWords(client: Client, places: readonly bigint[]): Promise<void> {
  if (places.length === 0) return;
  await client.execute(sql`
    update vouched set ended = true, touched = false where idx = any(${bigintArray(places)}::bigint[])`);
}

/** These hold as they were said. Called before their trades are read, so that what happens meanwhile touches them again. */
export async function keepWords(client: Client, places: readonly bigint[]): Promise<void> {
  if (places.length === 0) return;
  await client.execute(sql`
    update vouched set touched = false where idx = any(${bigintArray(places)}::bigint[]) and not ended`);
}

/** Which words of a list have ended, by their places in it; undefined where there is no such list yet. */
export async function endedIn(client: Client, list: number): Promise<number[] | undefined> {
  const [from, to] = [BigInt(list) * BigInt(listLength), BigInt(list + 1) * BigInt(listLength)];
  const rows = await client.query<{ idx: bigint }>(sql`
    select idx from vouched where ended and idx >= ${from} and idx < ${to} order by idx`);
  if (rows.length > 0) return rows.map(({ idx }) => Number(idx - from));
  const [any] = await client.query<{ one: number }>(sql`
    select 1 as one from vouched where idx >= ${from} and idx < ${to} limit 1`);
  return any === undefined ? undefined : [];
}

/** Forgets words whose time was over long ago: whoever holds one sees so in the word itself. Answers how many. */
export function forgetOldWords(client: Client): Promise<number> {
  return client.execute(sql`
    delete from vouched where idx in (select idx from vouched
      where until < (select kenshu_now() - interval '400 days') order by idx limit 1000)`);
}
