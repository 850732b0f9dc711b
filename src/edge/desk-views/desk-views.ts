/** What operators see at their desk: data in, HTML out. */
export { ActPage } from "./act-page.tsx";
export { type DeskAct, deskActs, deskOffers, openOf } from "./acting.ts";
export { deskLists, DeskPage, type QueueName, type QueueState } from "./desk-page.tsx";
export { FindPage, type FoundThings } from "./find-page.tsx";
export { LooksPage, type LookView } from "./looks-page.tsx";
export { MemberDeskPage, type Revealed, ShopDeskPage } from "./member-desk.tsx";
export { orderLines, OrderPage, OrderReadPage } from "./order-page.tsx";
export { type MaskedPerson, PersonLine } from "./person-line.tsx";
export { ReadPage } from "./read-back.tsx";
export { lookReasons } from "./reveal-form.tsx";
export type { TradeMailLine } from "./trade-mails.tsx";
export { TradeDeskPage } from "./trade-desk.tsx";
