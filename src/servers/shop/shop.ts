/**
 * A shop: the patent's electronic-commerce server 10, with its means of trading (10a: goods, cart, orders) and of
 * confirming acceptance (10b: the watcher). It knows trading servers as any outsider does, over the SDK.
 */
export { createShop } from "./shop-server.ts";
