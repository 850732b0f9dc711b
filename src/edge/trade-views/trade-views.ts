/** The pages of trades: approving one, one with all that can be done to it, and lists of them. Data in, HTML out. */
export type { ActAttempt, DoorCodeView } from "./act-form.tsx";
export { otherAcceptors } from "./approval-terms.tsx";
export { ApprovalPage, type Approver } from "./approval.tsx";
export {
  acceptableNow,
  actsOffered,
  extensionDays,
  freedBy,
  isAsked,
  isEarly,
  rejectableOf,
  type TradeAct,
  tradeActs,
  undividedOf,
  withdrawableOf,
  worthOf,
} from "./trade-acts.ts";
export type { GuestStep } from "./guest-approval.tsx";
export { LinkPage, type PresentView } from "./own-link.tsx";
export { type Addressee, Money, OtherTerms, Taken, TradeFacts, WhereGoodsAre } from "./trade-facts.tsx";
export { EventList, eventsFor, type NoticeView, Thread } from "./trade-history.tsx";
export { DeliveriesPage, GiftPage, TradesPage } from "./trade-list.tsx";
export { TradePage } from "./trade-page.tsx";
