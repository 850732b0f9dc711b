/**
 * The trade machine, pure: a total table of states and moves, and a function for each move that takes a trade
 * and answers the next trade with its effects and events. No I/O, no clock, no random (docs/trades.md).
 */
export {
  chosenTerms,
  linesLeft,
  standingRevision,
  propose,
  refuse,
  type ReserveCommand,
  type Revision,
} from "./agreement.ts";
export { type ClockMove, type Command, commandOf, decide, finish, mayMove } from "./decide.ts";
export { nextDeadline } from "./deadlines.ts";
export { standingOffer } from "./offers.ts";
export { moves, transitions } from "./transitions.ts";
export { decidableNow, waits } from "./verdict.ts";
export { withdrawable } from "./withdrawals.ts";
