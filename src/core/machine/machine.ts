/**
 * The trade machine, pure: a total table of states and moves, and a function for each move that takes a trade
 * and answers the next trade with its effects and events. No I/O, no clock, no random (docs/trades.md).
 */
export {
  type ChosenMethod,
  chosenTerms,
  isReduction,
  propose,
  refuse,
  type ReserveCommand,
  type Revision,
} from "./agreement.ts";
export { type ClockMove, type Command, decide, finish, mayMove } from "./decide.ts";
export {
  type Act,
  type AdvanceUse,
  type Decision,
  draftOf,
  type Effect,
} from "./decision.ts";
export { endOfReservation, nextDeadline } from "./deadlines.ts";
export { unshippedGoods } from "./lots.ts";
export { upgraded } from "./old-trades.ts";
export {
  beyondMandated,
  type BoundedTerm,
  boundedTerms,
  type Defaults,
  linesOf,
  type MandatedTerms,
  termsOf,
  usualTerms,
} from "./terms.ts";
export {
  freshLine,
  goodsOf,
  type Lot,
  type OperatorAct,
  owed,
  type Side,
  type TermLine,
  type Terms,
  type Trade,
} from "./trade.ts";
export { moves, transitions } from "./transitions.ts";
export { waits } from "./verdict.ts";
