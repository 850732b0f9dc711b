/** A shift at a counter: what went through the till, in order, and what it comes to. As of one instant. */
import { markOfPlace, placeOfMark } from "../../core/protocol/protocol.ts";
import { type Database, snapshot } from "../../storage/database/database.ts";
import { readAccounts, sumFrom } from "../../storage/ledger/ledger.ts";
import { listTill, sumTill, type TillMark, type TillRow, type TillSpan, type TillSum } from "./till-store.ts";

/** More than this is asked for in parts. */
export const tillMost = 20_000;

/** Minor units. */
export interface Shift {
  currency: string;
  /** What was owed for others when it began, and when it ended. */
  before: bigint;
  after: bigint;
  sums: TillSum[];
  rows: TillRow[];
  next: string | null;
  /** More happened than is added up. */
  more: boolean;
}

const legMark = /^(.*)_([0-9]{1,5})$/;

/** Where a reader of the list stands; undefined where that is no place in one. */
function tillPlaceOf(after: string): TillMark | undefined {
  const [, mark = "", leg] = legMark.exec(after) ?? [];
  const place = placeOfMark(mark);
  if (place === undefined || Number(leg) > 32_767) return undefined;
  return { at: place.at, command: place.id, leg: Number(leg) };
}

/** What went through a till in a time; undefined where there is no such account, or `after` is from no such list. */
export async function readShift(
  database: Database,
  account: string,
  span: TillSpan,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Shift | undefined> {
  const place = after === undefined ? undefined : tillPlaceOf(after);
  if (after !== undefined && place === undefined) return undefined;
  return snapshot(database, async (client) => {
    const [found] = await readAccounts(client, [account]);
    if (found === undefined) return undefined;
    const sums = await sumTill(client, account, span, tillMost + 1);
    const rows = await listTill(client, account, span, limit + 1, place);
    const owed = -found.posted;
    const [since, behind] = [
      await sumFrom(client, account, span.from),
      await sumFrom(client, account, span.to),
    ];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      currency: found.currency,
      before: owed + since,
      after: owed + behind,
      sums,
      rows: shown,
      next: last === undefined ? null : `${markOfPlace({ at: last.at, id: last.command })}_${last.leg}`,
      more: sums.reduce((all, { entries }) => all + entries, 0) > tillMost,
    };
  });
}
