/** The desk of a shop's people on a trading server: a shop without a system of its own works here. The same calls as programs make. */
export { registerShopDesk } from "./all-desk.ts";
export { shopForm, shopOf, shopPage } from "./order-pages.ts";
