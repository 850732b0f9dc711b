/**
 * A shop: the patent's electronic-commerce server 10, with its means of trading (10a: goods, cart, orders) and of
 * confirming acceptance (10b: the watcher). It knows trading servers as any outsider does, over the SDK.
 */
export { type TillOptions, type ShopOptions, createShop, seedShop } from "./shop-server.ts";
export type { Pace } from "./context.ts";
export { reconcileShop } from "./orders.ts";
export type { Watcher } from "./watcher.ts";
