/** What went through the till of whoever takes money for others: in order, and by what it was. */
export { readShift, type Shift, tillMost } from "./reading.ts";
export type { TillRow } from "./till-store.ts";
