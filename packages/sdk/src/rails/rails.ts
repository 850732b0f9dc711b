/** Calls about how money moves beside trades: accounts, banks, credit. Their types are those that servers describe. */
export { type MoneyCalls, moneyCalls } from "./money-calls.ts";
