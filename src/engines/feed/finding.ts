/** Trades found by what is known of them, and events read on from where a reader stood. */
import { markOfPlace, placeOfMark, type Refused, type Todo, todos } from "../../core/protocol/protocol.ts";
import { type Database, readClock } from "../../storage/database/database.ts";
import {
  countTodos,
  eventsFrom,
  type FedEvents,
  type FoundTrade,
  tradesByAmount,
  tradesByChange,
  tradesByReference,
  tradesByTime,
  tradesByTodo,
  tradesOfBuyer,
} from "./found-store.ts";
import { markOfAmount, markOfMetadata, markOfReference } from "./marks.ts";

/** What is asked of trades; what is left out is not asked. */
export interface TradeFilter {
  reference?: string | undefined;
  state?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
  /** Lists by the last change instead of by the proposal, the oldest change first. */
  updatedAfter?: Date | undefined;
}

/**
 * Numbers of trades in the order of the list, and the mark behind each. In a list by changes a trade stands in its `version`:
 * one that has gone on since is shown where that has its place, for else a reader would learn of a time behind which others
 * are still to be entered.
 */
export type Sought = { number: bigint; mark: string; version?: number }[];

const notFromAList: Refused = { refused: "invalid_field", detail: "`after` is not from a list." };

const changeMark = /^[0-9]{1,18}$/;

/** Numbers of the trades under a reference, whichever shop's, the newest first. */
export async function findByReference(
  database: Database,
  reference: string,
  limit: number,
): Promise<string[]> {
  const found = await tradesByReference(database, markOfReference(reference), limit);
  return found.map(({ number }) => String(number));
}

/** Numbers of the trades that come to one of these amounts and were proposed in a time, whichever shop's, the newest first. */
export async function findByAmount(
  database: Database,
  amounts: readonly { amount: bigint; currency: string }[],
  time: { from: Date; until: Date },
  limit: number,
): Promise<string[]> {
  const marks = amounts.map(({ amount, currency }) => markOfAmount(amount, currency));
  const found = await tradesByAmount(database, marks, time, limit);
  return found.map(({ number }) => String(number));
}

/** The trades of a party that fit. `after` is the mark of the last one seen, in a list with the same filter. */
export async function findTrades(
  database: Database,
  party: string,
  filter: TradeFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Sought | Refused> {
  const { reference, metadata = {}, updatedAfter, state, createdAfter, createdBefore } = filter;
  const marks = [
    ...(reference === undefined ? [] : [markOfReference(reference)]),
    ...Object.entries(metadata).map(([key, value]) => markOfMetadata(key, value)),
  ];
  const asked = { party, marks, state, createdAfter, createdBefore, limit };
  if (updatedAfter !== undefined) {
    if (after !== undefined && !changeMark.test(after)) return notFromAList;
    const behind = after === undefined ? BigInt(updatedAfter.getTime()) * 1000n : BigInt(after);
    const found = await tradesByChange(database, asked, behind);
    return found.map(({ number, position, version }) => ({ number, mark: String(position), version }));
  }
  const seen = after === undefined ? undefined : placeOfMark(after);
  if (after !== undefined && seen === undefined) return notFromAList;
  return (await tradesByTime(database, asked, seen)).map(soughtOf);
}

/** The same among the trades that a person buys by, the newest first in any case. */
export async function findTradesOfBuyer(
  database: Database,
  buyer: string,
  filter: TradeFilter,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Sought | Refused> {
  if (filter.metadata !== undefined) return { refused: "invalid_field", detail: "Metadata is the shop's." };
  const seen = after === undefined ? undefined : placeOfMark(after);
  if (after !== undefined && seen === undefined) return notFromAList;
  const { state, createdAfter, createdBefore, reference, updatedAfter } = filter;
  const asked = { party: buyer, state, createdAfter, createdBefore, limit };
  return (await tradesOfBuyer(database, asked, { reference, updatedAfter }, seen?.id)).map(soughtOf);
}

/** A shop's trades that ask `todo` of it, what ends soon first. */
export async function findTodos(
  database: Database,
  shop: string,
  todo: Todo,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Sought | Refused> {
  const seen = after === undefined ? undefined : placeOfMark(after);
  if (after !== undefined && seen === undefined) return notFromAList;
  const now = await readClock(database);
  const found = await tradesByTodo(database, { party: shop, todo, now, limit }, seen);
  return found.map(({ number, id, endsAt }) => ({ number, mark: markOfPlace({ at: endsAt, id }) }));
}

/** From so many on, a list of what is to be done is not counted further. */
export const todosCounted = 100;

/** How many trades ask what of a shop. */
export async function countOfTodos(database: Database, shop: string): Promise<Record<Todo, number>> {
  const found = await countTodos(database, shop, {
    todos,
    now: await readClock(database),
    most: todosCounted,
  });
  const count = (todo: Todo) => found.find((each) => each.todo === todo)?.count ?? 0;
  return Object.fromEntries(todos.map((todo) => [todo, count(todo)])) as Record<Todo, number>;
}

const soughtOf = ({ number, id, createdAt }: FoundTrade): Sought[number] => ({
  number,
  mark: markOfPlace({ at: createdAt, id }),
});

const eventMark = /^([0-9]{1,18})(?:_([0-9]{1,9}))?$/;

/** A row of events, and the number of the last event in it that the reader has seen; 0 where none. */
export interface FedRowOfEvents extends FedEvents {
  seen: number;
}

/** Rows of events of a party, behind `after`: the position of an event that the reader has seen. One row more than `limit`. */
export async function listFedEvents(
  database: Database,
  party: string,
  { limit, after = "0" }: { limit: number; after?: string | undefined },
): Promise<FedRowOfEvents[] | Refused> {
  const [, position, seq = "0"] = eventMark.exec(after) ?? [];
  if (position === undefined) return notFromAList;
  // The row at the position is read once more, for it may hold further events.
  const rows = await eventsFrom(database, party, BigInt(position), limit + 2);
  return rows.map((row) => ({ ...row, seen: String(row.position) === position ? Number(seq) : 0 }));
}
