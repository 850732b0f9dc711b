/**
 * What happens at a server, in figures: how many trades stand where, and what was frozen, accepted, settled, given back,
 * rejected and argued about in each quarter of an hour, with the trades behind each figure. Counted after the commit, in the
 * pass that puts events into the lists of parties, and so once (docs/decisions/0074-tallies.md).
 */
export { tally } from "./counting.ts";
export {
  type CountedRow,
  countedTypes,
  isByShop,
  type Kind,
  kinds,
  moneyTypes,
  noCurrency,
  noShop,
} from "./kinds.ts";
export {
  type Figures,
  lastCountedForShop,
  listBehind,
  listBehindShop,
  listHeldUp,
  listStanding,
  readFigures,
} from "./reading.ts";
export type { Behind } from "./reading-store.ts";
export {
  type Moved,
  movedIn,
  type MovedRow,
  type ShopKind,
  shopKinds,
  tallyShops,
} from "./shop-money.ts";
export { readShopDays, type ShopDayRow } from "./shop-money-store.ts";
