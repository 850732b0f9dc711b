/**
 * Marks people after the commit that enters or changes them, so that no step of a trade waits for it; and finds them. Who is
 * erased is found no more: their marks go with their key.
 */
import { createHmac } from "node:crypto";
import { coalesce, type Database } from "../../storage/database/database.ts";
import { readPeopleById, type Vault } from "../../storage/members/members.ts";
import {
  lockUnmarked,
  readMarked,
  readSealedPeople,
  readSealedRecipients,
  readTradeNumbers,
  type SealedKnown,
  type Unmarked,
  writeMarks,
} from "./marks-store.ts";
import { formsOf, type Known, type SoughtBy, soughtIn } from "./normal.ts";

/** Whom a text has found: a member or guest, or the recipient of a trade. */
export type Found =
  | { kind: "member" | "guest"; id: string; number: string | null }
  | { kind: "recipient"; trade: string };

export interface Marks {
  start(): void;
  /** Resolves when all who were entered before the call can be found. */
  round(): Promise<void>;
  stop(): Promise<void>;
  /** What a text would be taken for; undefined where it finds nobody: a sign, one letter, a few digits. */
  readingOf(text: string): SoughtBy | undefined;
  /** Those of whom it is the whole name or a part of it, its reading, the number or the address. */
  find(text: string, limit: number): Promise<Found[]>;
  /** Many were entered before they could be found, and some of them are not found yet. */
  isBehind(): boolean;
}

interface MarkOptions {
  database: Database;
  vault: Vault;
  /** The server's own. */
  secret: Buffer;
  /** Milliseconds between two looks at who was entered. */
  everyMs?: number;
  onError: (error: unknown) => void;
}

const atOnce = 200;
/** Steps that one who looks for somebody waits for; the rest is done by the clock. */
const stepsForReaders = 20;
/** Until the next round where one has not come to the end: others have their turn between them. */
const behindMs = 100;

export function createMarks({ database, vault, secret, everyMs = 5000, onError }: MarkOptions): Marks {
  const key = createHmac("sha256", secret).update("marks of people").digest();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let behind = false;
  const markSome = () =>
    database.transaction(async (client) => {
      const keys = await lockUnmarked(client, atOnce);
      if (keys.length === 0) return 0;
      const subjects = keys.map(({ subject }) => subject);
      const people = await readSealedPeople(client, subjects);
      const recipients = await readSealedRecipients(client, subjects);
      const known = [
        ...opened(vault, "people", keys, people),
        ...opened(vault, "trade_recipients", keys, recipients),
      ];
      const marks = known.flatMap(({ id, ...of }) =>
        [...new Set(formsOf(of))].map((form) => ({ mark: markOf(key, form, placeOf(id)), subject: id })),
      );
      await writeMarks(client, subjects, marks);
      return keys.length;
    });
  const rounds = coalesce<"round", true>(async () => {
    behind = true;
    for (let step = 0; behind && step < stepsForReaders; step += 1) behind = (await markSome()) === atOnce;
    return new Map([["round", true]]);
  });
  function round(): Promise<void> {
    const done = rounds("round").then(() => {});
    running = done.catch(() => {});
    return done;
  }
  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => void round().catch(onError).finally(next), behind ? behindMs : everyMs);
    timer.unref();
  }
  return {
    start: next,
    round,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
    readingOf: (text) => soughtIn(text)?.by,
    isBehind: () => behind,
    find: async (text, limit) => {
      const sought = soughtIn(text);
      if (sought === undefined) return [];
      await round();
      const marks = sought.forms.flatMap((form) => everyPlace.map((place) => markOf(key, form, place)));
      const found = await readMarked(database, marks, limit);
      return whoThey(
        database,
        found.map(({ subject }) => subject),
      );
    },
  };
}

/**
 * The same form leaves another digest in each of so many places, and each person has theirs by the end of their id. So two rows
 * of one person, or of two people of one name, seldom have a digest in common: whoever has a copy of the database, and not the
 * secret, can hardly count names or tie a member to a guest. Whoever has the secret asks at each place.
 */
const places = 1024;
const everyPlace = Array.from({ length: places }, (_, place) => place);
const placeOf = (id: string): number => Number.parseInt(id.slice(-3), 16) % places;

function markOf(key: Buffer, form: string, place: number): string {
  const digest = createHmac("sha256", key).update(`${place} ${form}`).digest("hex");
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** What is known of those whose keys these are. */
function opened(
  vault: Vault,
  table: "people" | "trade_recipients",
  keys: readonly Unmarked[],
  rows: readonly SealedKnown[],
): (Known & { id: string })[] {
  const byId = new Map(keys.map((key) => [key.subject, key]));
  return rows.flatMap(({ id, ...sealed }) => {
    const key = byId.get(id);
    return key === undefined ? [] : [{ id, ...vault.open(table, id, key, sealed) }];
  });
}

async function whoThey(database: Database, subjects: readonly string[]): Promise<Found[]> {
  const people = await readPeopleById(database, [...subjects]);
  const others = subjects.filter((subject) => people.every(({ id }) => id !== subject));
  const trades = await readTradeNumbers(database, others);
  return [
    ...people.map(({ id, number, kind }) => ({
      kind,
      id,
      number: number === null ? null : String(number),
    })),
    ...trades.map(({ number }) => ({ kind: "recipient" as const, trade: number })),
  ];
}
