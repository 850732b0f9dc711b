/** Disputes of trades, beside the trades, so that those which wait for somebody are found. */
import {
  bigintArray,
  type Client,
  intArray,
  plainArray,
  sql,
  timeArray,
} from "../../storage/database/database.ts";
import type { ActorRole } from "../../core/protocol/protocol.ts";

export type DisputeOutcome = "shop_lost" | "buyer_lost" | "neither_lost";

/** What a batch has made of one dispute. `opened` is null where it was open before: a trade has one at a time. */
export interface DisputeChange {
  trade: bigint;
  opened: { seq: number; at: Date; by: ActorRole } | null;
  answerBy: Date | null;
  decideBy: Date | null;
  ended: { at: Date; outcome: DisputeOutcome } | null;
}

/** Writes disputes that have gone on or ended, then those that are new. */
export function writeDisputes(client: Client, changes: readonly DisputeChange[]): Promise<unknown>[] {
  const [old, fresh] = [true, false].map((isOld) =>
    changes.filter(({ opened }) => (opened === null) === isOld),
  );
  return [
    ...(old === undefined || old.length === 0 ? [] : [updateDisputes(client, old)]),
    ...(fresh === undefined || fresh.length === 0 ? [] : [insertDisputes(client, fresh)]),
  ];
}

function updateDisputes(client: Client, changes: readonly DisputeChange[]): Promise<number> {
  const trades = bigintArray(changes.map(({ trade }) => trade));
  return client.execute(sql`
    update disputes as old set answer_by = new.answer_by, decide_by = coalesce(new.decide_by, 'infinity'),
      ended_at = new.ended_at, outcome = new.outcome
    from unnest(${trades}::bigint[],
      ${timeArray(changes.map(({ answerBy }) => answerBy))}::timestamptz[],
      ${timeArray(changes.map(({ decideBy }) => decideBy))}::timestamptz[],
      ${timeArray(changes.map(({ ended }) => ended?.at ?? null))}::timestamptz[],
      ${plainArray(changes.map(({ ended }) => ended?.outcome ?? null))}::text[])
      as new (trade, answer_by, decide_by, ended_at, outcome)
    where old.trade = new.trade and old.trade = any(${trades}::bigint[]) and old.ended_at is null`);
}

function insertDisputes(client: Client, changes: readonly DisputeChange[]): Promise<number> {
  return client.execute(sql`
    insert into disputes (trade, seq, opened_at, opened_by, answer_by, decide_by, ended_at, outcome)
    select trade, seq, opened_at, opened_by, answer_by, coalesce(decide_by, 'infinity'), ended_at, outcome
    from unnest(${bigintArray(changes.map(({ trade }) => trade))}::bigint[],
      ${intArray(changes.map(({ opened }) => opened?.seq ?? null))}::int[],
      ${timeArray(changes.map(({ opened }) => opened?.at ?? null))}::timestamptz[],
      ${plainArray(changes.map(({ opened }) => opened?.by ?? null))}::text[],
      ${timeArray(changes.map(({ answerBy }) => answerBy))}::timestamptz[],
      ${timeArray(changes.map(({ decideBy }) => decideBy))}::timestamptz[],
      ${timeArray(changes.map(({ ended }) => ended?.at ?? null))}::timestamptz[],
      ${plainArray(changes.map(({ ended }) => ended?.outcome ?? null))}::text[])
      as new (trade, seq, opened_at, opened_by, answer_by, decide_by, ended_at, outcome)`);
}

export interface DisputeRow {
  trade: bigint;
  openedAt: Date;
  openedBy: ActorRole;
  answerBy: Date | null;
  decideBy: Date | null;
  /** The time in which an operator decides is over. */
  late: boolean;
}

/** Where a page of disputes ended. */
export type DisputePlace = Pick<DisputeRow, "trade" | "decideBy">;

/** Open disputes, those first that are to be decided first; `late`: only those whose time is over. */
export function listDisputes(
  client: Client,
  late: boolean,
  limit: number,
  after?: DisputePlace,
): Promise<DisputeRow[]> {
  // The clock is read once, in a query of its own: read for each row, it could not bound the search in the index.
  return client.query<DisputeRow>(sql`
    select trade, opened_at as "openedAt", opened_by as "openedBy", answer_by as "answerBy",
      nullif(decide_by, 'infinity') as "decideBy", decide_by <= (select kenshu_now()) as late
    from disputes
    where ended_at is null and (not ${late} or decide_by <= (select kenshu_now()))
      and (${after === undefined} or (decide_by, trade) > (coalesce(${after?.decideBy ?? null}::timestamptz, 'infinity'),
        ${after?.trade ?? 0n}::bigint))
    order by disputes.decide_by, trade limit ${limit}`);
}

/** How many open disputes an operator should have decided by now. */
export async function countLateDisputes(client: Client): Promise<number> {
  const [row] = await client.query<{ count: number }>(sql`
    select count(*)::int as count from disputes
    where ended_at is null and decide_by <= (select kenshu_now())`);
  return row?.count ?? 0;
}
