/** The figures of the last days, and the trades behind one of them. */
import { markOfPlace, placeOfMark } from "../../core/protocol/protocol.ts";
import type { Database } from "../../storage/database/database.ts";
import { type Kind, secondsOf } from "./kinds.ts";
import {
  type Behind,
  type Chunk,
  type DayFigure,
  daySpan,
  type DayWaits,
  type Place,
  readBehind,
  readChunks,
  readDays,
  readHeldUp,
  readStanding,
  readStates,
  readToday,
  readWaits,
} from "./reading-store.ts";
import type { ShopKind } from "./shop-money.ts";
import { readShopChunks } from "./shop-money-store.ts";

export interface Figures {
  /** When they were read, by the server's clock. */
  now: Date;
  /** The days that they are of, `YYYY-MM-DD`, the oldest first. */
  days: readonly string[];
  states: ReadonlyMap<string, number>;
  happened: readonly DayFigure[];
  /** From delivery to acceptance, in seconds, for days with an acceptance. */
  waits: ReadonlyMap<string, { half: number; most: number; times: number }>;
}

const dayMs = 86_400_000;

/** So many calendar days, the last one being `today`. */
function daysUpTo(today: string, days: number): string[] {
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, index) =>
    new Date(last - (days - 1 - index) * dayMs).toISOString().slice(0, 10),
  );
}

/** The wait that so large a part of all took no longer than. */
function partOf(waits: readonly DayWaits[], part: number): number {
  const all = waits.reduce((sum, { times }) => sum + times, 0);
  let seen = 0;
  for (const { step, times } of waits) {
    seen += times;
    if (seen >= all * part) return secondsOf(step);
  }
  return 0;
}

function waitsByDay(rows: readonly DayWaits[]): Figures["waits"] {
  const days = new Map<string, DayWaits[]>();
  for (const row of rows) days.set(row.day, [...(days.get(row.day) ?? []), row]);
  return new Map(
    [...days].map(([day, waits]) => {
      const times = waits.reduce((sum, each) => sum + each.times, 0);
      return [day, { half: partOf(waits, 0.5), most: partOf(waits, 0.9), times }];
    }),
  );
}

/** The figures as they are kept, of so many days of a zone up to today. */
export async function readFigures(database: Database, zone: string, days: number): Promise<Figures> {
  const { now, today, since } = await readToday(database, zone, days);
  const [states, happened, waits] = await Promise.all([
    readStates(database),
    readDays(database, since, zone),
    readWaits(database, since, zone),
  ]);
  return {
    now,
    days: daysUpTo(today, days),
    states: new Map(states.map(({ state, trades }) => [state, trades])),
    happened,
    waits: waitsByDay(waits),
  };
}

export interface BehindPage {
  trades: Behind[];
  next: string | null;
}

/** A list reads on from marks of its own only. */
const noMark = "not a mark";
export type NoMark = typeof noMark;

const chunkMark = /^([0-9]{1,14})_([0-9]{1,18})_([0-9]{1,9})$/;

function placeOf(after: string | undefined, end: Date): Place | undefined {
  if (after === undefined) return { slot: end, position: 0n, upto: 0 };
  const [, slot, position, upto] = chunkMark.exec(after) ?? [];
  if (slot === undefined || position === undefined || upto === undefined) return undefined;
  return { slot: new Date(Number(slot)), position: BigInt(position), upto: Number(upto) };
}

const inChunks = (chunks: readonly Chunk[]) =>
  chunks.flatMap(({ slot, position, upto, numbers }) =>
    numbers
      .map((number, index) => ({ number, slot, position, place: upto - numbers.length + 1 + index }))
      .toReversed(),
  );

export interface Counted {
  kind: Kind;
  currency: string;
  shop: string;
}

interface Days {
  first: string;
  last: string;
  zone: string;
}
interface Wish {
  limit: number;
  after?: string | undefined;
}
type ReadChunks = (span: { from: Date; to: Date }, limit: number, place: Place) => Promise<Chunk[]>;

async function behindIn(
  database: Database,
  read: ReadChunks,
  { first, last, zone }: Days,
  { limit, after }: Wish,
): Promise<BehindPage | NoMark> {
  const [begin, end] = await Promise.all([daySpan(database, first, zone), daySpan(database, last, zone)]);
  if (begin === undefined || end === undefined) return { trades: [], next: null };
  const place = placeOf(after, end.to);
  if (place === undefined) return noMark;
  const lines = inChunks(await read({ from: begin.from, to: end.to }, limit + 1, place));
  const onPage = lines.slice(0, limit);
  const lastOne = onPage.at(-1);
  const trades = await readBehind(
    database,
    onPage.map(({ number }) => number),
  );
  const next =
    lines.length > limit && lastOne !== undefined
      ? `${lastOne.slot.getTime()}_${lastOne.position}_${lastOne.place}`
      : null;
  return { trades, next };
}

/** What happened on a day, or on the days from one to another, the last thing first: one line for each time that it was counted. */
export function listBehind(
  database: Database,
  counted: Counted,
  days: Days,
  wish: Wish,
): Promise<BehindPage | NoMark> {
  return behindIn(database, (...asked) => readChunks(database, counted, ...asked), days, wish);
}

/** The same of what moved for a shop. */
export function listBehindShop(
  database: Database,
  counted: { kind: ShopKind; currency: string; shop: string },
  days: Days,
  wish: Wish,
): Promise<BehindPage | NoMark> {
  return behindIn(database, (...asked) => readShopChunks(database, counted, ...asked), days, wish);
}

/** The orders of the last things that moved for a shop between two instants, the last one first. */
export async function lastCountedForShop(
  database: Database,
  counted: { kind: ShopKind; currency: string; shop: string },
  span: { from: Date; to: Date },
  limit: number,
): Promise<string[]> {
  const chunks = await readShopChunks(database, counted, span, limit, {
    slot: span.to,
    position: 0n,
    upto: 0,
  });
  return inChunks(chunks)
    .slice(0, limit)
    .map(({ number }) => number);
}

const nothingBehind = new Date(Date.UTC(9999, 0, 1));
const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Trades that stand somewhere, the last proposed first. */
export async function listStanding(
  database: Database,
  state: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<BehindPage | NoMark> {
  const from = after === undefined ? { at: nothingBehind, id: lastId } : placeOfMark(after);
  if (from === undefined) return noMark;
  const found = await readStanding(database, state, limit + 1, from);
  const trades = found.slice(0, limit);
  const last = trades.at(-1);
  const next =
    found.length > limit && last !== undefined ? markOfPlace({ at: last.createdAt, id: last.id }) : null;
  return { trades, next };
}

/** Trades of which a step waits for another server, by their number. */
export async function listHeldUp(
  database: Database,
  { limit, after = "0" }: { limit: number; after?: string | undefined },
): Promise<BehindPage | NoMark> {
  if (!/^[0-9]{1,18}$/.test(after)) return noMark;
  const found = await readHeldUp(database, limit + 1, after);
  const trades = found.slice(0, limit);
  return { trades, next: found.length > limit ? (trades.at(-1)?.number ?? null) : null };
}
