/** What a comparison has found, beside what was known before it. */
import { type Client, type Database, readClock, uuidv7 } from "../../storage/database/database.ts";
import {
  type Break,
  insertBreaks,
  insertWords,
  lockBreaks,
  noteAgreed,
  updateBreaks,
} from "./break-store.ts";

/** What stands for the other side where a balance of this server differs from the entries it is made of. */
export const ownBooks = "books";

/** What stands for the other side where a bank's message says otherwise than this server has booked. */
export const banksWord = "bank";

/** A difference that did not go away. */
export interface Found {
  /** The number or id of what differs; empty where it is the sums of both sides. */
  subject: string;
  /** Which value of it. */
  what: string;
  here: string;
  there: string;
  /** What the other side calls it. */
  reference?: string | null;
  currency?: string | null;
  /** There less here, in minor units. */
  difference?: bigint | null;
}

export interface Compared {
  /** The id of the other server, {@link ownBooks}, or {@link banksWord}. */
  party: string;
  found: readonly Found[];
  /** Breaks that were known before and were looked at once more. Those that were not found again are gone. */
  looked: readonly string[];
}

const atOnce = 500;
/** The other server chooses the words: what no text can hold, or nobody can read, is left out. */
const cut = (text: string, most: number): string =>
  Array.from(text.replaceAll(/[\p{Cc}\p{Cs}]/gu, ""))
    .slice(0, most)
    .join("");
const largest = 2n ** 63n - 1n;
const fits = (amount: bigint | null | undefined): bigint | null =>
  amount == null || amount > largest || amount < -largest ? null : amount;

function rowOf(party: string, found: Found, now: Date): Break {
  const { reference = null, currency = null } = found;
  return {
    id: uuidv7(),
    party,
    subject: cut(found.subject, 200),
    what: cut(found.what, 200),
    here: cut(found.here, 500),
    there: cut(found.there, 500),
    reference: reference === null || cut(reference, 200) === "" ? null : cut(reference, 200),
    currency: currency !== null && /^[A-Z]{3}$/.test(currency) ? currency : null,
    difference: fits(found.difference),
    state: "open",
    version: 1,
    firstSeen: now,
    lastSeen: now,
    agreesSince: null,
  };
}

/** Sums grow every day on both sides: by how much they differ is what such a break is. Of anything else it is both values. */
const isSame = (one: Break, other: Break): boolean =>
  one.subject === "" && one.difference !== null && other.difference !== null
    ? one.difference === other.difference && one.currency === other.currency
    : one.here === other.here && one.there === other.there;

const keyOf = ({ subject, what }: Pick<Break, "subject" | "what">): string => JSON.stringify([subject, what]);

/** How a break that was known stands when it is found again. What was said of another difference does not hold of this one. */
function foundAgain(known: Break, now: Break): Break {
  const holds = known.agreesSince === null && isSame(known, now);
  return {
    ...now,
    id: known.id,
    firstSeen: known.firstSeen,
    state: holds ? known.state : "open",
    version: holds ? known.version : known.version + 1,
  };
}

/** Keeps what a comparison has found, and what it has not found any more. */
export async function keepCompared(database: Database, compared: Compared): Promise<void> {
  const { party, found, looked } = compared;
  const still = new Set<string>();
  for (let from = 0; from < found.length; from += atOnce) {
    const kept = await keepSome(database, party, found.slice(from, from + atOnce));
    for (const id of kept) still.add(id);
  }
  const gone = looked.filter((id) => !still.has(id));
  if (gone.length > 0)
    await database.transaction(async (client) => noteAgreed(client, gone, await readClock(client)));
}

const keepSome = (database: Database, party: string, found: readonly Found[]): Promise<string[]> =>
  database.transaction((client) => keepFound(client, party, found));

/**
 * Keeps what was found in the transaction in which it was; answers which of it was known. What is found again as it was stays as
 * operators have left it.
 */
export async function keepFound(client: Client, party: string, found: readonly Found[]): Promise<string[]> {
  const now = await readClock(client);
  const rows = new Map(found.map((each) => rowOf(party, each, now)).map((row) => [keyOf(row), row]));
  const known = new Map(
    (await lockBreaks(client, party, [...rows.values()])).map((row) => [keyOf(row), row]),
  );
  const changed: Break[] = [];
  const added: Break[] = [];
  for (const [key, row] of rows) {
    const before = known.get(key);
    if (before === undefined) added.push(row);
    else changed.push(foundAgain(before, row));
  }
  await updateBreaks(client, changed);
  await insertBreaks(client, added);
  const reopened = changed.filter((row) => row.state === "open" && known.get(keyOf(row))?.state !== "open");
  await insertWords(
    client,
    reopened.map(({ id, version, here, there, difference }) => ({
      break: id,
      word: "found again",
      version,
      here,
      there,
      difference,
      reason: null,
      operator: null,
      confirmedBy: null,
      at: now,
    })),
  );
  return changed.map(({ id }) => id);
}
