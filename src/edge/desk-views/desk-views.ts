/** What operators see at their desk: data in, HTML out. */
export { ActPage, ReadPage } from "./act-page.tsx";
export { askedBy, type DeskAct, deskActs, deskOffers, isDeskAct, openOf } from "./acting.ts";
export { DeskPage, type QueueName, type QueueState } from "./desk-page.tsx";
export type { MaskedPerson } from "./person-line.tsx";
export { lookReasons } from "./reveal-form.tsx";
export { TradeDeskPage } from "./trade-desk.tsx";
