/** What went through the till of whoever takes money for others: in order, and by what it was. */
export { readShift, type Shift, tillMost } from "./reading.ts";
export type { TillKind, TillRow, TillSum } from "./till-store.ts";
