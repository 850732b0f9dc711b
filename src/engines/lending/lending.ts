/** Credit lines that are lent to shops and intermediaries, who approve members of their own (docs/decisions/0045-credit.md). */
export { auditLending } from "./audit.ts";
export { call, give, lend, passOn, shrink, shrinkAll } from "./giving.ts";
export {
  type LentLine,
  type LentShare,
  listLines,
  lockLine,
  lockLinesOf,
  readLine,
  stopLine,
} from "./line-store.ts";
export {
  giveLeave,
  inUseOf,
  listLeaves,
  listShares,
  lockLeave,
  noteOwing,
  owedOn,
  pageOfShares,
  readShare,
  readShareById,
  takeLeaveBack,
} from "./share-store.ts";
