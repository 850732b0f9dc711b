/** What parties say to each other: words, refusals, forms. Schemas stand in schemas.ts. */
export * from "./forms.ts";
export * from "./problems.ts";
export * from "./trade.ts";
export type { FedEventView, TradeEventView } from "./event-view.ts";
export type {
  AcceptanceTerms,
  AgreedLineView,
  CoolingOff,
  LotView,
  OfferView,
  PaymentTerms,
  Tracking,
  TradeLineView,
  TradeView,
  WithdrawalRight,
} from "./trade-view.ts";
export { addressTrouble, isLoopback, isPlace, returnPlace } from "./addresses.ts";
export {
  dayAt,
  daysAfter,
  endOfDay,
  isDay,
  lastDayBefore,
  isTimeZone,
  minuteOfDay,
  startOfDay,
  zoneNamed,
} from "./zones.ts";
