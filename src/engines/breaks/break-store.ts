/** Breaks as rows, and what was said of each. */
import {
  type Client,
  intArray,
  sql,
  textArray,
  timeArray,
  uuidArray,
  uuidv7,
} from "../../storage/database/database.ts";
import { sealStored } from "../../storage/seals/seals.ts";

export const breakStates = ["open", "explained", "closed"] as const;
export type BreakState = (typeof breakStates)[number];

export interface Break {
  id: string;
  /** The id of the other server, `books`, or `bank`. */
  party: string;
  /** The number or id of what differs; empty where it is the sums of both sides. */
  subject: string;
  what: string;
  here: string;
  there: string;
  reference: string | null;
  currency: string | null;
  /** There less here, in minor units; null where no amount says it. */
  difference: bigint | null;
  state: BreakState;
  version: number;
  firstSeen: Date;
  lastSeen: Date;
  /** Since when both sides agree again, as the comparison says. */
  agreesSince: Date | null;
}

const columns = `id, party, subject, what, here, there, reference, currency, difference, state, version,
  first_seen as "firstSeen", last_seen as "lastSeen", agrees_since as "agreesSince"`;

export async function readBreak(client: Client, id: string): Promise<Break | undefined> {
  const [row] = await client.query<Break>({
    name: "break_read",
    text: `select ${columns} from breaks where id = $1`,
    values: [id],
  });
  return row;
}

export async function lockBreak(client: Client, id: string): Promise<Break | undefined> {
  const [row] = await client.query<Break>({
    name: "break_locked",
    text: `select ${columns} from breaks where id = $1 for update`,
    values: [id],
  });
  return row;
}

const beforeAll = "00000000-0000-0000-0000-000000000000";

/** Those in a state, the oldest first, from after one of them on. */
export function listBreaks(
  client: Client,
  state: BreakState,
  limit: number,
  after: string = beforeAll,
): Promise<Break[]> {
  return client.query<Break>({
    name: "breaks_in_state",
    text: `select ${columns} from breaks where state = $1 and id > $2 order by id limit $3`,
    values: [state, after, limit],
  });
}

/** How many of a party's two operators have not closed. */
export async function countUnclosed(client: Client, party: string): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from breaks where state in ('open', 'explained') and party = ${party}`);
  return row?.count ?? 0;
}

export interface KnownBreak {
  id: string;
  subject: string;
  reference: string | null;
}

/** Those of a party on which both sides do not agree, as far as is known, the oldest first. */
export function listKnown(client: Client, party: string, limit: number): Promise<KnownBreak[]> {
  return client.query<KnownBreak>(sql`
    select id, subject, reference from breaks
    where party = ${party} and agrees_since is null order by id limit ${limit}`);
}

export interface BreakKey {
  subject: string;
  what: string;
}

/** What is kept of these, locked in the order of their ids. */
export function lockBreaks(client: Client, party: string, keys: readonly BreakKey[]): Promise<Break[]> {
  return client.query<Break>({
    name: "breaks_of_party",
    text: `select ${columns} from breaks
      where party = $1 and (subject, what) in (select * from unnest($2::text[], $3::text[]))
      order by id for update`,
    values: [party, textArray(keys.map(({ subject }) => subject)), textArray(keys.map(({ what }) => what))],
  });
}

const columnsOf = (rows: readonly Break[]) => [
  uuidArray(rows.map(({ id }) => id)),
  textArray(rows.map(({ party }) => party)),
  textArray(rows.map(({ subject }) => subject)),
  textArray(rows.map(({ what }) => what)),
  textArray(rows.map(({ here }) => here)),
  textArray(rows.map(({ there }) => there)),
  textArray(rows.map(({ reference }) => reference)),
  textArray(rows.map(({ currency }) => currency)),
  textArray(rows.map(({ difference }) => (difference === null ? null : String(difference)))),
  textArray(rows.map(({ state }) => state)),
  intArray(rows.map(({ version }) => version)),
  timeArray(rows.map(({ firstSeen }) => firstSeen)),
  timeArray(rows.map(({ lastSeen }) => lastSeen)),
];

/** Enters what was found for the first time; of two comparisons at the same moment one enters it. */
export async function insertBreaks(client: Client, rows: readonly Break[]): Promise<void> {
  if (rows.length === 0) return;
  await client.execute({
    text: `insert into breaks (id, party, subject, what, here, there, reference, currency, difference, state, version,
        first_seen, last_seen)
      select id, party, subject, what, here, there, reference, currency, difference::bigint, state, version, first_seen, last_seen
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::int[], $12::timestamptz[], $13::timestamptz[])
        as n (id, party, subject, what, here, there, reference, currency, difference, state, version, first_seen, last_seen)
      on conflict on constraint breaks_once do nothing`,
    values: columnsOf(rows),
  });
}

/** Writes how these stand now. */
export async function updateBreaks(client: Client, rows: readonly Break[]): Promise<void> {
  if (rows.length === 0) return;
  await client.execute({
    text: `update breaks b set here = n.here, there = n.there, reference = n.reference, currency = n.currency,
        difference = n.difference::bigint, state = n.state, version = n.version, last_seen = n.last_seen, agrees_since = null
      from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[], $11::int[], $12::timestamptz[], $13::timestamptz[])
        as n (id, party, subject, what, here, there, reference, currency, difference, state, version, first_seen, last_seen)
      where b.id = n.id`,
    values: columnsOf(rows),
  });
}

/** These are gone, whatever is said of them. */
export async function noteAgreed(client: Client, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await client.execute(sql`
    update breaks set agrees_since = ${at}
    where id in (select id from breaks
      where id = any(${uuidArray(ids)}::uuid[]) and agrees_since is null order by id for update)`);
}

export async function setBreakState(client: Client, id: string, state: BreakState): Promise<void> {
  await client.execute(sql`update breaks set state = ${state} where id = ${id}`);
}

export interface BreakWord {
  id: string;
  word: "found again" | "explained" | "closed";
  version: number;
  here: string;
  there: string;
  difference: bigint | null;
  reason: string | null;
  operator: string | null;
  confirmedBy: string | null;
  at: Date;
}

/** Seals them, too. */
export async function insertWords(
  client: Client,
  words: readonly (Omit<BreakWord, "id"> & { break: string })[],
): Promise<void> {
  for (const word of words) {
    const { version, here, there, difference, reason, operator, confirmedBy, at } = word;
    const id = uuidv7();
    await client.execute(sql`
      insert into break_words (id, break, word, version, here, there, difference, reason, operator, confirmed_by, at)
      values (${id}, ${word.break}, ${word.word}, ${version}, ${here}, ${there}, ${difference}, ${reason}, ${operator},
        ${confirmedBy}, ${at})`);
    await sealStored(client, "break_words", [id]);
  }
}

/** What was said of a break, the first word first. */
export function listWords(client: Client, id: string, limit: number): Promise<BreakWord[]> {
  return client.query<BreakWord>(sql`
    select id, word, version, here, there, difference, reason, operator, confirmed_by as "confirmedBy", at
    from (select * from break_words where break = ${id} order by id desc limit ${limit}) as newest order by id`);
}

export interface BreakFigures {
  /** That two operators have not closed. */
  unclosed: number;
  /** Of these, those of which nobody has said anything. */
  unexplained: number;
  /** How long ago the oldest of the unclosed was first seen, in seconds. */
  behind: number;
}

export async function readBreakFigures(client: Client): Promise<BreakFigures> {
  const [row] = await client.query<BreakFigures>(sql`
    select count(*)::int as unclosed, (count(*) filter (where state = 'open'))::int as unexplained,
      coalesce(extract(epoch from kenshu_now() - min(first_seen)), 0)::float8 as behind
    from breaks where state in ('open', 'explained')`);
  return row ?? { unclosed: 0, unexplained: 0, behind: 0 };
}
