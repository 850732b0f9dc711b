/**
 * What a shop sells and has sold: goods, carts, orders, what the institutions are told about them, and the watcher that
 * follows each order to its end (patent 10a and 10b).
 */
export {
  customerOf,
  findByName,
  forgetCustomers,
  knownForDays,
  sealOrders,
} from "./customers.ts";
export {
  countQueues,
  findByNumber,
  isSomeQueueCut,
  listPaidBack,
  listQueue,
  listToDo,
  type Sums,
  ordersById,
  sumsByQueue,
  summedMost,
  type Queued,
  type QueueMark,
} from "./queues-store.ts";
export {
  addToCart,
  type CartLine,
  cartLines,
  countCart,
  dropOldCarts,
  findProduct,
  firstGoods,
  hasVoucher,
  isReady,
  listProducts,
  type Product,
  removeFromCart,
  seedShop,
  setInCart,
  setVoucher,
  touchCart,
} from "./goods-store.ts";
export {
  type Act,
  decideAct,
  type Form,
  isBack,
  isLosable,
  awaitsHolder,
  isPending,
  isPriced,
  mayDo,
  type Particulars,
  refundable,
  undivided,
} from "./order-acts.ts";
export { parcelCodeOf, recordOf, refreshOrder, sendHeld, type TradeEventView } from "./order-calls.ts";
export { followLogs } from "./logs.ts";
export { readKeptLogs } from "./logs-store.ts";
export {
  fillAgain,
  linesOfCart,
  orderToken,
  placeOrder,
  shipping,
  voucher,
  type Wishes,
} from "./order-placement.ts";
export {
  clockOf,
  type Call,
  type CallName,
  callsOf,
  type Customer,
  type Heard,
  hearOf,
  linesOf,
  listOrders,
  type Order,
  orderByNumber,
  orderByToken,
  type OrderLine,
  waitingCounts,
} from "./orders-store.ts";
export { reconcileShop } from "./reconciliation.ts";
export {
  type Label,
  labelIn,
  makeTill,
  type OrderContext,
  type Pace,
  reachOf,
  type Till,
  tillOf,
  type TillOptions,
  usualPace,
} from "./tills.ts";
export { sha256 } from "./tills.ts";
export { makeWatcher, type Watcher } from "./watcher.ts";
