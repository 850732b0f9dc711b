/**
 * Breaks: where two sides do not agree about money. A comparison finds them, each is kept from the day it was first seen, and
 * it is over when two operators have closed it: not when it is gone, nor when somebody has an explanation
 * (docs/decisions/0077-breaks.md).
 */
export { banksWord, type Found, keepCompared, keepFound, ownBooks } from "./keeping.ts";
export { closeBreak, explainBreak } from "./saying.ts";
export {
  type Break,
  breakStates,
  type BreakState,
  type BreakWord,
  countUnclosed,
  listBreaks,
  listKnown,
  listWords,
  readBreak,
  readBreakFigures,
} from "./break-store.ts";
