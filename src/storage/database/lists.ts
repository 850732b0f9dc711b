/** Lists that are read page by page, newest first. */

/** An id above every other one: a list that begins after it begins at its newest entry. */
export const beyondAll = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** One page of a list; `next` is the mark after which the following page begins. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** One page of rows, of which one more was read than a page holds. `markOf` is what a list is ordered by. */
export function pageBy<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  markOf: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => view(row)),
    next: rows.length > limit && last !== undefined ? markOf(last) : null,
  };
}

/** Two instants between which something was made, neither of them included. */
export interface Between {
  after: Date;
  before: Date;
}

/** All times that a row can have. */
export const always: Between = { after: new Date(0), before: new Date(Date.UTC(9999, 0, 1)) };

/** The same where a list is ordered by ids. */
export function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
): Page<Item> {
  return pageBy(rows, limit, view, ({ id }) => id);
}
