/** What parties say to each other: words, refusals, forms. Schemas stand in schemas.ts. */
export * from "./forms.ts";
export * from "./problems.ts";
export * from "./trade.ts";
export { addressTrouble } from "./addresses.ts";
export type {
  AcceptanceTerms,
  CoolingOff,
  LotView,
  OfferView,
  PaymentTerms,
  Tracking,
  TradeEventView,
  TradeLineView,
  TradeView,
  WithdrawalRight,
} from "./trade-view.ts";
