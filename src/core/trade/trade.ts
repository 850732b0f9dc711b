/**
 * A trade as it is kept: what was agreed, how far the goods have come, whose word that is, and the parts of which a move's
 * decision is made. Pure: no I/O, no clock, no random. The machine beside it says which move leads where.
 */
export { nextTellingAt, passOver, tellingsAt } from "./ahead.ts";
export {
  clockOf,
  endOfReservation,
  expectDelivery,
  expectInspection,
  expectReturn,
  expectSending,
  keepFrozenUntil,
  startAcceptanceClock,
  startCoolingOff,
  stopClocks,
  answerWithin,
  decideWithin,
} from "./clocks.ts";
export { changeOf } from "./changes.ts";
export {
  type Act,
  type AdvanceUse,
  type Decision,
  type Effect,
  type Happening,
  after,
  agreedPayment,
  amountUnknown,
  decided,
  draftOf,
  isIndependent,
  isPayable,
  paymentDateRefused,
  paymentInstant,
  sideOf,
  speakerOf,
} from "./decision.ts";
export { isSameKept, keptBack } from "./kept-back.ts";
export { isSilent, isUntold, waitsForNotice } from "./notice.ts";
export { giveBack, owe, payBack, refundAgain, release } from "./payments.ts";
export { endDispute, endUnshipped, giveUp, giveUpOwed, settleUp, stateOf } from "./settling.ts";
export {
  checkLines,
  checkTerms,
  follows,
  isPart,
  isReduction,
  type LineQuantity,
  linesWithout,
  numbered,
  piecesOf,
  type TermLine,
  totalOf,
  upTo,
  wholeOf,
  withWorths,
} from "./lines.ts";
export {
  type Picked,
  arrive,
  awaitsInspection,
  awaitsSending,
  basisOf,
  isExpected,
  isNamed,
  isOver,
  isPaid,
  pick,
  progressOf,
  put,
  quantitiesOf,
  tooMany,
  unaccept,
  unmark,
  unshippedGoods,
  unshippedOf,
} from "./lots.ts";
export { upgraded } from "./old-trades.ts";
export {
  type Advance,
  type AgreedPayment,
  type LineProgress,
  type Lot,
  type Offer,
  type OpenDispute,
  type OperatorAct,
  type Progress,
  type RevisionAsked,
  type Side,
  type Terms,
  type Trade,
  freshLine,
  freshProgress,
  goodsOf,
  isOpen,
  mayAcceptMore,
  outstandingOf,
  owed,
  paidOf,
  refundOf,
  unaccepted,
  valueOf,
  worthOf,
} from "./record.ts";
export {
  type BoundedTerm,
  type Defaults,
  beyondMandated,
  boundedTerms,
  linesOf,
  termsOf,
  usualTerms,
} from "./terms.ts";
